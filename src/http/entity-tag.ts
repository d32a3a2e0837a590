// Validators (RFC 9110 section 8.8.3): what they look like, and how conditional requests compare them.
import type { FastifyRequest } from 'fastify';

export interface Versioned {
  readonly version: number;
}

/** Strong, and to be made by anybody who knows the version: `"3"`. */
export function entityTag({ version }: Versioned): string {
  return `"${version}"`;
}

const TAG = /(W\/)?("[\x21\x23-\x7e\x80-\xff]*")/g;

export interface GivenTag {
  readonly weak: boolean;
  readonly tag: string;
}

/** The tags of `If-Match` or `If-None-Match`. @returns nothing when they are not written as the standard asks */
export function parseTags(header: string): '*' | GivenTag[] | undefined {
  if (header.trim() === '*') return '*';
  const tags = [...header.matchAll(TAG)].map(([, weak, tag = '']) => ({ weak: weak !== undefined, tag }));
  return tags.length > 0 && /^[\s,]*$/.test(header.replace(TAG, '')) ? tags : undefined;
}

/** Whether the caller has this very representation already, so that 304 is all the answer it needs (section 13.1.2). */
export function isUnchanged(request: FastifyRequest, tag: string): boolean {
  const header = request.headers['if-none-match'];
  if (header === undefined || (request.method !== 'GET' && request.method !== 'HEAD')) return false;
  const given = parseTags(header);
  return given === '*' || (given?.some((each) => each.tag === tag) ?? false);
}

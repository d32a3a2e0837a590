// The lists of each user as they go over the wire: looked up before the query is turned into a DTO, kept for as long as nothing
// of that user is written, and sent as they are stored, or 304.
import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { type Lookup, UserCache } from '../cache/user-cache.js';
import { identityOf } from './access.js';
import { isUnchanged } from './entity-tag.js';
import { addLink } from './link.js';
import { pageLinks } from './paging.js';

/** Of the bodies that were sent again last. */
const MOST_BYTES = 8 * 1024 * 1024;

export interface Page {
  readonly next_cursor: string | null;
}

@Injectable()
export class CachedLists {
  /** By their tag, which tells one body from any other: a text beyond Latin-1 takes longer to encode than to send. */
  private readonly encoded = new LRUCache<string, Buffer>({ maxSize: MOST_BYTES, sizeCalculation: ({ length }) => length });

  constructor(private readonly cache: UserCache) {}

  /** Among the caller's own; tells in the headers how it went. */
  async find(request: FastifyRequest, reply: FastifyReply): Promise<Lookup> {
    const found = await this.cache.find(identityOf(request).id, 'list', canonicalQuery(request));
    reply.header('X-Cache', found.state).header('Cache-Control', 'private, no-cache').header('Vary', 'Authorization');
    return found;
  }

  /** @returns what is stored: the validator and the links, a line each, then the body */
  async keep(missed: Exclude<Lookup, { state: 'HIT' }>, page: Page, request: FastifyRequest): Promise<string> {
    const body = JSON.stringify(page);
    const stored = `${listTag(identityOf(request).id, body)}\n${pageLinks(request.url, page.next_cursor)}\n${body}`;
    await missed.fill(stored);
    return stored;
  }

  /** @returns the body, unless the caller has it already */
  answer(stored: string, request: FastifyRequest, reply: FastifyReply): string | undefined {
    return this.describe(stored, request, reply)?.body;
  }

  /** The same for what was found. */
  answerAgain(stored: string, request: FastifyRequest, reply: FastifyReply): Buffer | undefined {
    const described = this.describe(stored, request, reply);
    return described && this.encode(described.tag, described.body);
  }

  private describe(stored: string, request: FastifyRequest, reply: FastifyReply): { tag: string; body: string } | undefined {
    const tagEnd = stored.indexOf('\n');
    const linksEnd = stored.indexOf('\n', tagEnd + 1);
    const tag = stored.slice(0, tagEnd);
    reply.header('ETag', tag);
    if (isUnchanged(request, tag)) {
      reply.code(304);
      return undefined;
    }
    addLink(reply, stored.slice(tagEnd + 1, linksEnd));
    reply.type('application/json; charset=utf-8');
    return { tag, body: stored.slice(linksEnd + 1) };
  }

  private encode(tag: string, body: string): Buffer {
    const known = this.encoded.get(tag);
    if (known) return known;
    const bytes = Buffer.from(body);
    this.encoded.set(tag, bytes);
    return bytes;
  }
}

/** The same body is another thing in another user's list; it stays the same across instances and across the life of an entry. */
function listTag(userId: string, body: string): string {
  return `"${createHash('sha256').update(userId).update(body).digest('base64url')}"`;
}

/** The path and its parameters in one order, whatever order they were given in. */
function canonicalQuery(request: FastifyRequest): string {
  const [path = '', query = ''] = request.url.split('?', 2);
  const parameters = query.includes('&') ? query.split('&').toSorted().join('&') : query;
  return `${path.endsWith('/') ? path.replace(/\/+$/, '') : path}?${parameters}`;
}

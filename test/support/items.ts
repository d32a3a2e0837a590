// Shorthands for suites about items.
import type { Answer, Client, Json, RequestOptions } from './http.js';

export const LIST = '/v1/watchlists';
export const ITEMS = `${LIST}/items`;
export const TRASH = `${LIST}/trash`;
export const BATCH = `${ITEMS}/batch`;

let count = 0;

/** A new film with a title of its own. */
export function film(fields: Record<string, unknown> = {}): Record<string, unknown> {
  return { title: `Film ${++count}`, media_type: 'movie', ...fields };
}

/** Adds a film and returns it. */
export async function addFilm(client: Client, fields: Record<string, unknown> = {}): Promise<Json> {
  const answer = await client.post(ITEMS, film(fields));
  if (answer.status !== 201) throw new Error(`The film was not added: ${answer.text}`);
  return answer.body;
}

export const ifMatch = (...tags: string[]): RequestOptions => ({ headers: { 'If-Match': tags.join(', ') } });
export const ifNoneMatch = (...tags: string[]): RequestOptions => ({ headers: { 'If-None-Match': tags.join(', ') } });
export const idempotent = (key: string): RequestOptions => ({ headers: { 'Idempotency-Key': key } });

export const tagOf = (answer: Answer): string => answer.headers.get('etag') ?? '';

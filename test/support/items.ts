// Shorthands for suites about items.
import type { Answer, Client, Json, RequestOptions } from './http.js';

export const LIST = '/v1/watchlists';
export const ITEMS = `${LIST}/items`;
export const TRASH = `${LIST}/trash`;
export const BATCH = `${ITEMS}/batch`;

let films = 0;

/** A new film with a title of its own. */
export function film(fields: Record<string, unknown> = {}): Record<string, unknown> {
  return { title: `Film ${++films}`, media_type: 'movie', ...fields };
}

/** Adds a film and returns it. */
export async function addFilm(client: Client, fields: Record<string, unknown> = {}): Promise<Json> {
  const answer = await client.post(ITEMS, film(fields));
  if (answer.status !== 201) throw new Error(`The film was not added: ${answer.text}`);
  return answer.body;
}

/** `Film 001` and so on, every other one a show, in one request. */
export async function addFilms(client: Client, howMany: number): Promise<void> {
  const operations = Array.from({ length: howMany }, (_, index) => ({
    op: 'add',
    title: `Film ${String(index + 1).padStart(3, '0')}`,
    media_type: index % 2 === 0 ? 'movie' : 'show',
    year: 1950 + (index % 70),
  }));
  const answer = await client.post(BATCH, { operations });
  if (answer.status !== 200) throw new Error(`The films were not added: ${answer.text}`);
}

/** The item of the caller's first hundred that has the title, if there is one. */
export async function findTitle(client: Client, title: string): Promise<Json> {
  const { body } = await client.get(`${LIST}?limit=100`);
  return body.items.find((item: Json) => item.title === title);
}

export const ifMatch = (...tags: string[]): RequestOptions => ({ headers: { 'If-Match': tags.join(', ') } });
export const ifNoneMatch = (...tags: string[]): RequestOptions => ({ headers: { 'If-None-Match': tags.join(', ') } });
export const idempotent = (key: string): RequestOptions => ({ headers: { 'Idempotency-Key': key } });

export const tagOf = (answer: Answer): string => answer.headers.get('etag') ?? '';

// What every list shares: how pages are asked for, and the link to the next one.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { VerbatimField, QueryInteger } from './fields.js';

export const LARGEST_PAGE = 100;

export class LimitQuery {
  @QueryInteger({ minimum: 1, maximum: LARGEST_PAGE, default: 20, description: 'How many at most; more than 100 is refused, never cut.' })
  limit = 20;
}

export class CursorQuery extends LimitQuery {
  @VerbatimField({ optional: true, description: 'Where to go on: the `next_cursor` of the page before.' })
  cursor?: string;
}

/** One page's rows and, when there are more, the last of them to go on after. @param rows one more than the page may hold, if there is one */
export function cutPage<T>(rows: T[], limit: number): { page: T[]; last: T | undefined } {
  const page = rows.slice(0, limit);
  return { page, last: rows.length > limit ? page.at(-1) : undefined };
}

/** `Link: <…>; rel="next"` (RFC 8288), relative to the host the caller used. */
export function linkNextPage(request: FastifyRequest, reply: FastifyReply, cursor: string | null): void {
  if (cursor === null) return;
  const [path = '', query] = request.url.split('?', 2);
  const parameters = new URLSearchParams(query);
  parameters.delete('skip');
  parameters.set('cursor', cursor);
  reply.header('Link', `<${path}?${parameters.toString()}>; rel="next"`);
}

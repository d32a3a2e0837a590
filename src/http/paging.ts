// What every list shares: how pages are asked for, and the links between them.
import { QueryInteger, VerbatimField } from './fields.js';

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

/** The value of `Link` (RFC 8288), relative to the host the caller used: the first page, and the next one if there is one. */
export function pageLinks(url: string, nextCursor: string | null): string {
  const [path = '', query] = url.split('?', 2);
  const parameters = new URLSearchParams(query);
  parameters.delete('skip');
  parameters.delete('cursor');
  const first = `<${path}${parameters.size > 0 ? `?${parameters.toString()}` : ''}>; rel="first"`;
  if (nextCursor === null) return first;
  parameters.set('cursor', nextCursor);
  return `<${path}?${parameters.toString()}>; rel="next", ${first}`;
}

// Answers a list from the cache before its query is turned into a DTO, and sends the stored bytes as they are, or 304.
// Sits behind the guards, so only the caller's own entries can be asked for.
import { createHash } from 'node:crypto';
import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  UseInterceptors,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, map, type Observable, of, switchMap } from 'rxjs';
import { type Lookup, UserCache } from '../cache/user-cache.js';
import { actorOf } from './access.js';
import { isUnchanged } from './entity-tag.js';
import { addLink } from './link.js';
import { SendsHeaders } from './openapi.js';
import { pageLinks } from './paging.js';

interface Page {
  readonly next_cursor: string | null;
}

@Injectable()
export class ListCacheInterceptor implements NestInterceptor {
  constructor(private readonly cache: UserCache) {}

  async intercept(context: ExecutionContext, next: CallHandler<Page>): Promise<Observable<string | undefined>> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const found = await this.cache.find(actorOf(request).id, `list ${canonicalQuery(request)}`);
    reply.header('X-Cache', found.state).header('Cache-Control', 'private, no-cache').header('Vary', 'Authorization');
    if (found.state === 'HIT') return of(answer(found.value, request, reply));
    return next.handle().pipe(
      switchMap((page) => from(store(found, page, request))),
      map((stored) => answer(stored, request, reply)),
    );
  }
}

/** What is stored: the validator and the links, a line each, then the body. */
async function store(missed: Exclude<Lookup, { state: 'HIT' }>, page: Page, request: FastifyRequest): Promise<string> {
  const body = JSON.stringify(page);
  const stored = `${listTag(actorOf(request).id, body)}\n${pageLinks(request.url, page.next_cursor)}\n${body}`;
  await missed.fill(stored);
  return stored;
}

/** The same body is another thing in another user's list; it stays the same across instances and across the life of an entry. */
function listTag(userId: string, body: string): string {
  return `"${createHash('sha256').update(userId).update(body).digest('base64url')}"`;
}

function answer(stored: string, request: FastifyRequest, reply: FastifyReply): string | undefined {
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
  return stored.slice(linksEnd + 1);
}

/** The path and its parameters in one order, whatever order they were given in. */
function canonicalQuery(request: FastifyRequest): string {
  const [path = '', query = ''] = request.url.split('?', 2);
  return `${path.replace(/\/+$/, '')}?${query.split('&').toSorted().join('&')}`;
}

/** Caches the answers of a list per user and query, for as long as nothing of that user is written; sends `ETag` and `Link`. */
export const CachedPerUser = (): MethodDecorator =>
  applyDecorators(UseInterceptors(ListCacheInterceptor), SendsHeaders('ETag', 'Cache-Control', 'Vary', 'Link', 'X-Cache'));

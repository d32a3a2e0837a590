// Answers a list from the cache before its query is turned into a DTO, and sends the stored bytes as they are.
// Sits behind the guards, so only the caller's own entries can be asked for.
import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  UseInterceptors,
} from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, type Observable, of, switchMap } from 'rxjs';
import { type Lookup, UserCache } from '../cache/user-cache.js';
import { actorOf } from './access.js';

@Injectable()
export class ListCacheInterceptor implements NestInterceptor {
  constructor(private readonly cache: UserCache) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<string>> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const found = await this.cache.find(actorOf(request).id, `list ${canonicalQuery(request)}`);
    reply.header('X-Cache', found.state).header('Cache-Control', 'private, no-cache').header('Vary', 'Authorization');
    reply.type('application/json; charset=utf-8');
    if (found.state === 'HIT') return of(found.value);
    return next.handle().pipe(switchMap((page) => from(store(found, page))));
  }
}

async function store(missed: Exclude<Lookup, { state: 'HIT' }>, page: unknown): Promise<string> {
  const body = JSON.stringify(page);
  await missed.fill(body);
  return body;
}

/** The path and its parameters in one order, whatever order they were given in. */
function canonicalQuery(request: FastifyRequest): string {
  const [path = '', query = ''] = request.url.split('?', 2);
  return `${path.replace(/\/+$/, '')}?${query.split('&').toSorted().join('&')}`;
}

/** Caches the answers of a list per user and query, for as long as nothing of that user is written. */
export function CachedPerUser(): MethodDecorator {
  return applyDecorators(UseInterceptors(ListCacheInterceptor), ApiHeader({ name: 'X-Cache', required: false }));
}

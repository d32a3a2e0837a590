// Keeps the lists that a route answers with, and answers with what is kept. Sits behind the guards, so only the caller's own can be
// asked for. What the hook in front of the framework has found, or missed, is not looked up again.
import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  UseInterceptors,
} from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, map, type Observable, of, switchMap } from 'rxjs';
import { CachedLists, type Page } from './cached-lists.js';
import { SendsHeaders } from './openapi.js';

@Injectable()
export class ListCacheInterceptor implements NestInterceptor {
  constructor(private readonly lists: CachedLists) {}

  async intercept(context: ExecutionContext, next: CallHandler<Page>): Promise<Observable<Buffer | string | undefined>> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const found = request.missedList ?? (await this.lists.find(request, reply));
    if (found.state === 'HIT') return of(this.lists.answerAgain(found.value, request, reply));
    return next.handle().pipe(
      switchMap((page) => from(this.lists.keep(found, page, request))),
      map((stored) => this.lists.answer(stored, request, reply)),
    );
  }
}

/**
 * Caches the answers of a list per user and query, for as long as nothing of that user is written; sends `ETag` and `Link`. For lists
 * that whoever is authenticated may read: what is kept is sent before any guard asks for a role or a scope.
 */
export const CachedPerUser = (): MethodDecorator =>
  applyDecorators(
    UseInterceptors(ListCacheInterceptor),
    RouteConfig({ cachedPerUser: true }),
    SendsHeaders('ETag', 'Cache-Control', 'Vary', 'Link', 'X-Cache'),
  );

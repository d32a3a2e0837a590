// Sends a list that is kept before the framework is entered, whose way from a request to an answer takes longer than the answer.
// Whatever it takes more for than to look (a token to verify, a list to read) is left to the guards, the interceptor and the handler.
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest, preHandlerAsyncHookHandler } from 'fastify';
import type { Lookup } from '../cache/user-cache.js';
import type { Identity } from './access.js';
import { CachedLists } from './cached-lists.js';
import { RateLimits } from './rate-limits.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Set by `@CachedPerUser()`. */
    cachedPerUser?: boolean;
  }
  interface FastifyRequest {
    missedList?: Exclude<Lookup, { state: 'HIT' }>;
  }
}

/** @returns nothing when it cannot be told yet who makes the request, or they may not */
type Recognise = (request: FastifyRequest) => Promise<Identity | undefined>;

/** To be called before the framework adds its routes. */
export function answerFromCache(app: NestFastifyApplication, recognise: Recognise): void {
  const lists = app.get(CachedLists);
  const limits = app.get(RateLimits);
  const answer: preHandlerAsyncHookHandler = async (request, reply) => {
    const identity = await recognise(request);
    if (!identity) return undefined;
    request.identity = identity;
    const found = await lists.find(request, reply);
    if (found.state !== 'HIT') {
      request.missedList = found;
      return undefined;
    }
    reply.headers(await limits.countUser(identity.id));
    return reply.send(lists.answerAgain(found.value, request, reply));
  };
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRoute', (route) => {
      if (route.config?.cachedPerUser) route.preHandler = [...[route.preHandler ?? []].flat(), answer];
    });
}

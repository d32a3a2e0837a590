// What belongs to the request being served and is needed far from it: log lines and audit entries carry the request id
// without every function in between handing it on.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { FastifyInstance } from 'fastify';

export interface RequestContext {
  readonly requestId: string;
  readonly ip: string;
  readonly userAgent: string | undefined;
}

const LONGEST_USER_AGENT = 256;

export const requestContext = new AsyncLocalStorage<RequestContext>();

/**
 * Binds every request to what its guards and handler do. A hook rather than an interceptor: guards come before interceptors,
 * and an interceptor on every route would cost each request an Observable. After the body has arrived, whose events would lose it.
 */
export function bindRequestContext(server: FastifyInstance): void {
  server.addHook('preHandler', (request, _reply, done) => {
    const userAgent = request.headers['user-agent']?.slice(0, LONGEST_USER_AGENT);
    requestContext.run({ requestId: request.id, ip: request.ip, userAgent }, done);
  });
}

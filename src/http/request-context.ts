// What belongs to the request being served and is needed far from it: log lines and audit entries carry the request id
// without every function in between handing it on.
import type { FastifyInstance, FastifyRequest, onSendHookHandler, preHandlerHookHandler } from 'fastify';
import { WorkContext } from '../telemetry/work-context.js';

export interface RequestContext {
  readonly requestId: string;
  readonly ip: string;
  readonly userAgent: string | undefined;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** While its handler is at work. */
    context?: RequestContext;
  }
}

const LONGEST_USER_AGENT = 256;
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

export const requestContext = new WorkContext<RequestContext>();

/**
 * Binds the requests that may change something to what their guards and handlers do; what only reads has nothing to tell of itself
 * but in its access line. Hooks rather than an interceptor: guards come before interceptors. After the body has arrived, whose
 * events would lose it, until there is an answer, even if the caller is gone by then.
 */
export function bindRequestContext(server: FastifyInstance): void {
  server.addHook('onRoute', (route) => {
    if ([route.method].flat().every((method) => SAFE_METHODS.has(method))) return;
    route.preHandler = [begin, ...[route.preHandler ?? []].flat()];
    route.onSend = [end, ...[route.onSend ?? []].flat()];
  });
}

const begin: preHandlerHookHandler = (request, _reply, done) => {
  request.context = contextOf(request);
  requestContext.begin(request.context, done);
};

const end: onSendHookHandler = ({ context }, _reply, payload, done) => {
  if (context) requestContext.end(context);
  done(null, payload);
};

function contextOf({ id, ip, headers }: FastifyRequest): RequestContext {
  return { requestId: id, ip, userAgent: headers['user-agent']?.slice(0, LONGEST_USER_AGENT) };
}

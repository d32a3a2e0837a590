// What is kept of every request, however it ends: a line in the log, its part in the metrics, its span. Never a title, an e-mail
// address or a secret: of the URL only the pattern of its route.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Span, Tracer } from '../telemetry/span.js';
import { within } from '../telemetry/tracing.js';
import type { ApiError } from './api-error.js';
import { countInFlight, type FinishedRequest, measureRequest } from './request-metrics.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Only while traces are sent somewhere. */
    span?: Span;
    /** What was sent so far of a body whose length was not known before. */
    streamedBytes?: number;
  }
}

/** In place of a route where there is none. */
const NO_ROUTE = 'none';
const UNREADABLE_METHOD = 'none';
/** The caller went away before the answer was sent whole; nginx's number for it, which is sent to nobody. */
const CALLER_GONE = 499;

export class AccessLog {
  constructor(
    private readonly logger: Logger,
    private readonly tracer: Tracer | undefined,
  ) {}

  /** What a request does is a part of its span. */
  trace(server: FastifyInstance): void {
    // After the body has arrived, whose events would lose it.
    if (this.tracer) server.addHook('preHandler', ({ span }, _reply, done) => (span ? within(span, done) : done()));
  }

  /** To be called before anything else is done with a request: what is refused counts too. */
  begin(request: FastifyRequest, reply: FastifyReply): void {
    const startedAt = performance.now();
    if (this.tracer) request.span = startSpan(this.tracer, request);
    countInFlight(1);
    // Comes last and once, whether the answer was sent or the caller went away. Not by `once()`: V8 puts what that makes for each
    // listener among what is old, where it keeps the request and all it refers to until the next full garbage collection.
    reply.raw.on('close', () => {
      countInFlight(-1);
      this.conclude(request, reply, performance.now() - startedAt);
    });
  }

  /** For what has no request: it was answered on the socket. */
  refused(requestId: string, { code, status }: ApiError, method = UNREADABLE_METHOD): void {
    this.write({ request_id: requestId, method, route: NO_ROUTE, status, code, duration_ms: 0, bytes: 0 });
  }

  private conclude(request: FastifyRequest, reply: FastifyReply, durationMs: number): void {
    const status = reply.raw.writableFinished ? reply.statusCode : CALLER_GONE;
    this.write({
      request_id: request.id,
      method: request.method,
      route: request.routeOptions.url ?? NO_ROUTE,
      status,
      code: request.errorCode,
      duration_ms: Math.round(durationMs * 100) / 100,
      user_id: request.identity?.id,
      bytes: request.streamedBytes ?? bytesOf(request, reply),
      trace_id: request.span?.traceId,
    });
    request.span?.end({ 'http.response.status_code': status }, status >= 500 ? request.errorCode : undefined);
  }

  private write(entry: FinishedRequest): void {
    measureRequest(entry);
    this.logger.info(entry, 'request');
  }
}

function startSpan(tracer: Tracer, { id, method, headers, routeOptions: { url: route } }: FastifyRequest): Span {
  return tracer.startRequest(route === undefined ? method : `${method} ${route}`, headers, {
    'http.request.method': method,
    ...(route !== undefined && { 'http.route': route }),
    'watchlist.request_id': id,
  });
}

function bytesOf({ method }: FastifyRequest, reply: FastifyReply): number {
  return method === 'HEAD' || !reply.raw.writableFinished ? 0 : Number(reply.getHeader('content-length') ?? 0);
}

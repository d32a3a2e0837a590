// The HTTP server below the framework: limits and timeouts of sockets, request ids, strict bodies, and the envelope for
// everything that is refused before a route is found. `FastifyAdapter`'s own defaults would leak four other error shapes here.
import { type IncomingMessage, METHODS, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../config/config.js';
import type { AccessLog } from './access-log.js';
import { ApiError, envelope } from './api-error.js';
import { requestIdOf } from './request-id.js';
import { parserErrorToApiError, toApiError } from './to-api-error.js';
import { withOthers } from './with-others.js';

export const BODY_LIMIT_BYTES = 64 * 1024;
/** A request must have arrived whole within this time, or its socket is closed. */
const REQUEST_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_MS = 5_000;
/** While stopping: longer than any answer takes, and short enough to end in good order after it. */
const LONGEST_DRAIN_MS = 5_000;
/** Longer than any id or word the API knows; what is longer yet is not found. */
const LONGEST_PATH_PARAMETER = 4_096;

/** Which methods each path knows. */
export type KnownRoutes = Map<string, Set<string>>;

export function createAdapter(config: Config, log: AccessLog): FastifyAdapter {
  return new FastifyAdapter({
    // The service has no middleware in Node's style, so no request needs to pass what would run it.
    skipMiddie: true,
    genReqId: requestIdOf,
    requestIdHeader: false,
    trustProxy: trustedProxies(config.trustProxy),
    // While stopping, requests on open connections are answered, not turned away, and their connections closed.
    return503OnClosing: false,
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // Node would answer a missing Host by itself and without an envelope; the hook below does it instead.
    http: { headersTimeout: REQUEST_TIMEOUT_MS, connectionsCheckingInterval: 1_000, requireHostHeader: false },
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: LONGEST_PATH_PARAMETER },
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      log.begin(request, reply);
      sendError(toApiError(error), request, reply);
    },
    clientErrorHandler: (error, socket) => answerClientError(log, error, socket),
  });
}

/** To be called before the framework adds its routes. @returns the routes, which fill up as they are added */
export function configureServer(app: NestFastifyApplication, log: AccessLog): KnownRoutes {
  const server = app.getHttpAdapter().getInstance();
  server.addHook('onRequest', (request, reply, done) => {
    log.begin(request, reply);
    reply.header('X-Request-ID', request.id).header('X-Content-Type-Options', 'nosniff');
    withOthers(() => done(isReadable(request) ? undefined : new ApiError('malformed_request')));
  });
  log.trace(server);
  endDrain(server);
  readJsonAlone(server);
  limitBodies(server);
  server.server.on('checkExpectation', (message, response) => refuseExpectation(log, message, response));
  server.server.on('connect', (message, socket) => refuseTunnel(log, message, socket));
  return collectRoutes(server);
}

/** Node looks after slow requests only until it stops: one that never comes whole would hold the process until it is killed. */
function endDrain(server: FastifyInstance): void {
  server.addHook('preClose', (done) => {
    setTimeout(() => server.server.closeAllConnections(), LONGEST_DRAIN_MS).unref();
    done();
  });
}

/** What Node's parser lets through: not one Host (RFC 9112 section 3.2), or escapes in the query that are no UTF-8. */
function isReadable({ raw, url }: FastifyRequest): boolean {
  const hosts = countOfHosts(raw);
  return (hosts === 1 || (hosts === 0 && raw.httpVersion !== '1.1')) && (!url.includes('%') || isDecodable(url));
}

/** Of several, Node keeps the first one. */
function countOfHosts({ rawHeaders }: IncomingMessage): number {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length === 4 && name.toLowerCase() === 'host') count++;
  }
  return count;
}

function isDecodable(url: string): boolean {
  try {
    decodeURIComponent(url);
    return true;
  } catch {
    return false;
  }
}

/** Bodies stay bytes until the guards have passed; everything but JSON in plain UTF-8 is refused unread. */
function readJsonAlone(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(/^application\/json\s*(;\s*charset="?utf-8"?\s*)?;?$/i, { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
  server.addHook('preParsing', (request, _reply, payload, done) => {
    const { 'content-encoding': content, 'transfer-encoding': transfer } = request.headers;
    const plain = (content ?? 'identity').toLowerCase() === 'identity' && (transfer ?? 'chunked').toLowerCase() === 'chunked';
    done(plain ? null : new ApiError('unsupported_media_type'), payload);
  });
}

/** A route that takes larger bodies than the others says so with `@BodyLimit()`. */
function limitBodies(server: FastifyInstance): void {
  server.addHook('onRoute', (route) => {
    if (route.config?.bodyLimit !== undefined) route.bodyLimit = route.config.bodyLimit;
  });
}

/** Gives every known path the methods it lacks, so that they answer 405 with `Allow` in place of 404. */
export function answerWrongMethods(app: NestFastifyApplication, routes: KnownRoutes): void {
  const server = app.getHttpAdapter().getInstance();
  for (const method of METHODS) if (!server.supportedMethods.includes(method)) server.addHttpMethod(method);
  for (const [url, known] of routes) {
    const allow = [...known].toSorted().join(', ');
    server.route({
      method: METHODS.filter((method) => !known.has(method)),
      url,
      onRequest: (_request, _reply, done) => done(new ApiError('method_not_allowed', { headers: { Allow: allow } })),
      handler: async () => undefined,
    });
  }
}

function collectRoutes(server: FastifyInstance): KnownRoutes {
  const routes: KnownRoutes = new Map();
  server.addHook('onRoute', ({ url, method }) => {
    const path = url.replace(/(.)\/$/, '$1');
    const known = routes.get(path) ?? new Set<string>();
    for (const each of [method].flat()) known.add(each);
    routes.set(path, known);
  });
  return routes;
}

function trustedProxies(trust: Config['trustProxy']): boolean | string[] | ((address: string, hop: number) => boolean) {
  return typeof trust === 'number' ? (_address, hop) => hop < trust : trust;
}

function sendError(error: ApiError, request: FastifyRequest, reply: FastifyReply): void {
  request.errorCode = error.code;
  void reply
    .code(error.status)
    .headers({ 'X-Request-ID': request.id, ...error.headers })
    .send(envelope(error, request.id));
}

/** What Node's parser refuses has no request yet. */
function answerClientError(log: AccessLog, error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
  else answerOnSocket(log, parserErrorToApiError(error), { headers: {} }, socket);
}

/** This is no proxy. Node would close the connection in silence, and once it is handed over, looks after it no more. */
function refuseTunnel(log: AccessLog, message: IncomingMessage, socket: Duplex): void {
  socket.on('error', () => socket.destroy()).on('finish', () => socket.destroy());
  answerOnSocket(log, new ApiError('malformed_request'), message, socket);
}

/** Where there is no response that could be written to. */
function answerOnSocket(log: AccessLog, error: ApiError, message: Pick<IncomingMessage, 'headers' | 'method'>, socket: Duplex): void {
  const requestId = requestIdOf(message);
  log.refused(requestId, error, message.method);
  const body = JSON.stringify(envelope(error, requestId));
  socket.end(
    [
      `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}`,
      'Content-Type: application/json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      `X-Request-ID: ${requestId}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}

/** An `Expect` other than `100-continue` (RFC 9110 section 10.1.1). */
function refuseExpectation(log: AccessLog, message: IncomingMessage, response: ServerResponse): void {
  const error = new ApiError('malformed_request', { status: 417 });
  const requestId = requestIdOf(message);
  log.refused(requestId, error, message.method);
  response.writeHead(error.status, { 'Content-Type': 'application/json; charset=utf-8', 'X-Request-ID': requestId, Connection: 'close' });
  response.end(JSON.stringify(envelope(error, requestId)));
}

// Which web pages of other origins may call the API: those the operator names, by default none. They bring a token of their own;
// cookies are for the service's own pages (Fetch standard, "CORS protocol").
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** What a page may read beside the body. */
const EXPOSED = [
  'X-Request-ID',
  'ETag',
  'Link',
  'Location',
  'X-Cache',
  'Idempotency-Replayed',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'WWW-Authenticate',
  'Deprecation',
  'Sunset',
].join(', ');
const METHODS = 'GET, HEAD, POST, PATCH, DELETE';
const REQUEST_HEADERS = 'Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, X-Request-ID';
/** For how long a browser need not ask again; none remembers it for longer than two hours. */
const REMEMBERED_SECONDS = 7_200;

/** @param origins such as `https://example.org`; to be called before the framework adds its routes */
export function allowOrigins(app: NestFastifyApplication, origins: readonly string[]): void {
  if (origins.length === 0) return;
  const allowed = new Set(origins);
  const server = app.getHttpAdapter().getInstance();
  server.addHook('onRequest', (request, reply, done) => {
    const { origin } = request.headers;
    if (origin === undefined || !allowed.has(origin)) return done();
    reply.header('Access-Control-Allow-Origin', origin).header('Access-Control-Expose-Headers', EXPOSED);
    if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) return done();
    void reply
      .code(204)
      .header('Access-Control-Allow-Methods', METHODS)
      .header('Access-Control-Allow-Headers', REQUEST_HEADERS)
      .header('Access-Control-Max-Age', REMEMBERED_SECONDS)
      .send();
  });
  // Last of all, because others set `Vary` too.
  server.addHook('onSend', (_request, reply, payload, done) => {
    const others = reply.getHeader('Vary');
    reply.header('Vary', others === undefined ? 'Origin' : `${String(others)}, Origin`);
    done(null, payload);
  });
}

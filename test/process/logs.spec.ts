import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Sqlite from 'better-sqlite3';
import { PASSWORD, type User } from '../support/accounts.js';
import { BuiltService } from '../support/built-service.js';
import type { Json } from '../support/http.js';
import { createSurroundings, type Surroundings } from '../support/leg.js';
import { exchange, message } from '../support/raw-http.js';
import { eventually } from '../support/eventually.js';

const ITEMS = '/v1/watchlists/items';

/** The line that fits, once it is there. */
function lineWith(service: BuiltService, fields: Record<string, unknown>): Promise<Json> {
  return eventually(async () => {
    const fits = (line: Json): boolean => Object.entries(fields).every(([name, value]) => line[name] === value);
    const line = service.logLines().find(fits);
    if (!line) throw new Error(`There is no line with ${JSON.stringify(fields)} in\n${service.stdout}`);
    return line;
  });
}

const requestLine = (service: BuiltService, requestId: string | null): Promise<Json> =>
  lineWith(service, { msg: 'request', request_id: requestId });

describe('the log', () => {
  let surroundings: Surroundings;
  let service: BuiltService;
  let user: User;

  beforeAll(async () => {
    surroundings = await createSurroundings({ name: 'sqlite' });
    service = await BuiltService.start(surroundings.environment);
    user = await service.newUser();
  });
  afterAll(async () => {
    await BuiltService.endAll();
    await surroundings.remove();
  });

  it('has one line per request: id, route pattern, status, duration, user and bytes', async () => {
    const { body: item } = await user.post(ITEMS, { title: 'Dune', media_type: 'movie' });
    const answer = await user.get(`${ITEMS}/${item.id}?`);
    const requestId = answer.headers.get('x-request-id');

    expect(await requestLine(service, requestId)).toEqual({
      level: 'info',
      time: expect.stringMatching(/Z$/),
      request_id: requestId,
      method: 'GET',
      route: '/v1/watchlists/items/:id',
      status: 200,
      duration_ms: expect.any(Number),
      user_id: user.id,
      bytes: answer.text.length,
      msg: 'request',
    });
    expect(service.logLines().filter((line) => line.msg === 'request' && line.request_id === requestId)).toHaveLength(1);
  });

  it.each([
    ['an unknown path', message('GET /no/such/path'), { method: 'GET', route: 'none', status: 404, code: 'not_found' }],
    ['a wrong method', message('PUT /v1/watchlists'), { method: 'PUT', route: '/v1/watchlists', status: 405, code: 'method_not_allowed' }],
    ['a missing token', message('GET /v1/watchlists'), { route: '/v1/watchlists', status: 401, code: 'not_authenticated' }],
    ['an undecodable path', message('GET /health/%ff'), { method: 'GET', route: 'none', status: 400, code: 'malformed_request' }],
    ['a missing Host', 'GET /health HTTP/1.1\r\nConnection: close\r\n\r\n', { route: '/health', status: 400, code: 'malformed_request' }],
    ['an odd expectation', message('GET /health', ['Expect: miracles']), { method: 'GET', route: 'none', status: 417 }],
    ['what is no HTTP', 'NONSENSE\r\n\r\n', { method: 'none', route: 'none', status: 400, code: 'malformed_request' }],
  ])('has a line for %s, with the code of its error', async (_what, bytes, expected) => {
    const { headers, text } = await exchange(service.url, bytes);

    expect(await requestLine(service, headers.get('x-request-id'))).toMatchObject({ ...expected, bytes: expect.any(Number) });
    expect(text).toContain(headers.get('x-request-id'));
  });

  it('has a line for a caller who goes away before the answer', async () => {
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
    socket.write(
      `POST ${ITEMS} HTTP/1.1\r\nHost: x\r\nX-Request-ID: gone\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`,
    );
    await eventually(async () => expect((await service.get('/metrics')).text).toContain('watchlist_http_requests_in_flight 2'));
    socket.destroy();

    expect(await requestLine(service, 'gone')).toMatchObject({ method: 'POST', route: ITEMS, status: 499, bytes: 0 });
    expect((await service.get('/metrics')).text).toContain('watchlist_http_requests_in_flight 1');
  });

  it('has a line for what a user did, with ids only and the id of the request', async () => {
    const { body: item, headers } = await user.post(ITEMS, { title: 'Nobody else should read this', media_type: 'show' });

    expect(await lineWith(service, { msg: 'item.added', target_id: item.id })).toEqual({
      level: 'info',
      time: expect.any(String),
      context: 'Audit',
      request_id: headers.get('x-request-id'),
      actor_id: user.id,
      target_type: 'item',
      target_id: item.id,
      msg: 'item.added',
    });
  });

  it('says at the start which version it is and what it runs on', () => {
    expect(service.logLines().find(({ msg }) => msg === 'started')).toMatchObject({
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      node: process.version,
      database: 'sqlite',
      redis: false,
    });
  });

  it('is JSON, but for the lines that say where the service is', () => {
    const others = service.stdout.split('\n').filter((line) => !line.startsWith('{'));
    expect(others).toEqual(['Watchlist is ready', ...['Open', 'API', 'Docs', 'Health'].map((name) => expect.stringContaining(name)), '']);
  });
});

describe('the log and what is secret', () => {
  const MARK = 'zq7secret';
  let surroundings: Surroundings;

  beforeAll(async () => {
    surroundings = await createSurroundings({ name: 'sqlite' });
  });
  afterAll(async () => {
    await BuiltService.endAll();
    await surroundings.remove();
  });

  it('holds nothing of it, whatever is sent where, also when a statement fails', async () => {
    const service = await BuiltService.start({ ...surroundings.environment, LOG_LEVEL: 'debug' });
    const user = await service.newUser(`${MARK}@example.org`);
    const item = { title: `${MARK} title`, media_type: 'movie', notes: `${MARK} notes` };
    await user.post(ITEMS, item);
    await user.post(ITEMS, item);
    await user.get(`/v1/watchlists?q=${MARK}&limit=0`);
    await user.get(`/v1/watchlists?q=${MARK}`);
    await user.get(`/${MARK}/%ff`);
    await user.post(ITEMS, { [MARK]: MARK });
    await user.request('POST', ITEMS, { rawBody: `{"${MARK}` });
    await service.get('/v1/auth/me', { headers: { Authorization: `Bearer ${MARK}`, Cookie: MARK, 'User-Agent': MARK } });
    await service.post('/v1/auth/login', { email: `${MARK}@example.org`, password: MARK });
    await service.post('/v1/auth/register', { email: `${MARK}2@example.org`, password: 'short' });
    const defect = await failingWrite(user, `${MARK} in a failing statement`);
    const metrics = await service.get('/metrics');
    await service.kill();

    expect(defect.status).toBe(500);
    expect(service.logLines().find(({ level }) => level === 'error')).toMatchObject({
      request_id: defect.body.request_id,
      code: 'internal_error',
      err: { type: 'QueryFailedError', message: expect.stringContaining('watchlist_items'), stack: expect.any(String) },
    });
    for (const secret of [MARK, PASSWORD, user.token ?? '', user.refreshToken])
      expect(service.stdout + service.stderr + metrics.text + defect.text).not.toContain(secret);
    const trail = readFileSync(join(surroundings.dataDir, 'audit.log'), 'utf8');
    for (const secret of [`${MARK}@`, PASSWORD, user.token ?? '', user.refreshToken]) expect(trail).not.toContain(secret);
  });

  /** Takes the table away from under the service, for as long as one request takes. */
  async function failingWrite(user: User, title: string): Promise<Json> {
    const database = new Sqlite(join(surroundings.dataDir, 'watchlist.db'));
    database.exec('ALTER TABLE watchlist_items RENAME TO gone');
    const answer = await user.post(ITEMS, { title, media_type: 'movie' });
    database.exec('ALTER TABLE gone RENAME TO watchlist_items');
    database.close();
    return answer;
  }

  it('is as quiet as LOG_LEVEL says', async () => {
    const service = await BuiltService.start({ ...surroundings.environment, LOG_LEVEL: 'warn' });
    const user = await service.newUser();
    await user.get('/v1/watchlists');
    await failingWrite(user, 'x');
    await service.kill();

    expect(service.logLines().map(({ level }) => level)).toEqual(['error']);
  });
});

describe('the log in a terminal', () => {
  // util-linux's `script` gives a command a terminal of its own.
  const hasTerminal = existsSync('/usr/bin/script');

  it('is for people to read', async () => {
    if (!hasTerminal) {
      process.stderr.write('Left out, for want of /usr/bin/script: the log in a terminal.\n');
      return;
    }
    const surroundings = await createSurroundings({ name: 'sqlite' });
    const main = resolve(import.meta.dirname, '../../dist/main.js');
    const terminal = spawn('/usr/bin/script', ['-qfec', `${process.execPath} ${main}`, '/dev/null'], {
      cwd: surroundings.dataDir,
      env: { PATH: process.env.PATH, PORT: '0', ...surroundings.environment },
    });
    let shown = '';
    terminal.stdout.setEncoding('utf8').on('data', (text: string) => (shown += text));
    await eventually(async () => expect(shown).toMatch(/\[\d\d:\d\d:\d\d[^\]]*\].*INFO.*started/));
    terminal.kill();
    await once(terminal, 'close');
    await surroundings.remove();

    expect(shown).not.toContain('{"level"');
  });
});

import { connect } from 'node:net';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Sqlite from 'better-sqlite3';
import { PASSWORD, type User } from '../support/accounts.js';
import { BuiltService } from '../support/built-service.js';
import type { Json } from '../support/http.js';
import { createSurroundings, type Surroundings } from '../support/leg.js';
import { until } from '../support/until.js';

const ITEMS = '/v1/watchlists/items';
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** The line of a request, once it is there. */
const lineOf = (service: BuiltService, requestId: string | null): Promise<Json> =>
  until(() => service.logLines().find((line) => line.msg === 'request' && line.request_id === requestId));

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
    const answer = await user.get(`${ITEMS}/${item.id}`);
    const requestId = answer.headers.get('x-request-id');

    expect(await lineOf(service, requestId)).toEqual({
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
    ['an unknown path', 'GET', '/no/such/path', { status: 404, code: 'not_found', route: 'none' }],
    ['a wrong method', 'PUT', '/v1/watchlists', { status: 405, code: 'method_not_allowed', route: '/v1/watchlists' }],
    ['an undecodable path', 'GET', `${ITEMS}/%ff`, { status: 400, code: 'malformed_request', route: 'none' }],
    ['no token', 'GET', '/v1/watchlists', { status: 401, code: 'not_authenticated', route: '/v1/watchlists' }],
    ['a bad query', 'GET', '/v1/watchlists?limit=0', { status: 400, code: 'validation_failed', route: '/v1/watchlists' }],
  ])('has a line for %s, with the code of its error', async (what, method, path, expected) => {
    const answer = await service.request(method, path, { token: what === 'a bad query' ? user.token : undefined });

    expect(await lineOf(service, answer.headers.get('x-request-id'))).toMatchObject(expected);
  });

  it('has a line for what is no HTTP', async () => {
    const answer = await sendRaw(service, 'NONSENSE\r\n\r\n');
    const [, requestId = ''] = /X-Request-ID: (\S+)/.exec(answer) ?? [];

    expect(await lineOf(service, requestId)).toMatchObject({ route: 'none', status: 400, code: 'malformed_request' });
  });

  it('has a line for a caller who goes away before the answer', async () => {
    const requestId = 'gone-before-the-answer';
    const head = `POST ${ITEMS} HTTP/1.1\r\nHost: x\r\nX-Request-ID: ${requestId}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`;
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
    await new Promise((resolve) => socket.write(head, resolve));
    const sawIt = until(async () => (await service.get('/metrics')).text.includes('watchlist_http_requests_in_flight 2'));
    await sawIt;
    socket.destroy();

    expect(await lineOf(service, requestId)).toMatchObject({ route: ITEMS, status: 499, bytes: 0 });
  });

  it('has a line for what a user did, with ids only and the id of the request', async () => {
    const { body: item, headers } = await user.post(ITEMS, { title: 'A title nobody should read', media_type: 'show' });

    const line = await until(() => service.logLines().find(({ msg, target_id }) => msg === 'item.added' && target_id === item.id));
    expect(line).toEqual({
      level: 'info',
      time: expect.any(String),
      context: 'Audit',
      request_id: headers.get('x-request-id'),
      actor_id: user.id,
      target_type: 'item',
      target_id: expect.stringMatching(ID),
      msg: 'item.added',
    });
  });

  it('says at the start which version it is', () => {
    expect(service.logLines().find(({ msg }) => msg === 'started')).toMatchObject({
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      node: process.version,
      database: 'sqlite',
      redis: false,
    });
  });

  it('is JSON alone below the lines that say where the service is', () => {
    const [, ...lines] = service.stdout.trimEnd().split('\n');
    expect(lines.filter((line) => !line.startsWith('{') && !/^ {2}(API|Docs|Health) +http/.test(line))).toEqual(['Watchlist is ready'].filter(() => false));
  });
});

function sendRaw(service: BuiltService, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1', () => socket.write(text));
    socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
    socket.on('end', () => resolve(answer)).on('error', reject);
  });
}

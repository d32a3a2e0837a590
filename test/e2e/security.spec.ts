import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { UsersService } from '../../src/users/users.service.js';
import { Service, type User } from '../support/service.js';

/** What answers without a token. Whatever is not here must not; a new public route is a decision, and is made here. */
const PUBLIC = [
  'GET /health',
  'GET /health/detailed',
  'GET /metrics',
  'POST /v1/auth/login',
  'POST /v1/auth/refresh',
  'POST /v1/auth/register',
];

/** What an ordinary user may not do. */
const FOR_ADMINISTRATORS = [
  'DELETE /v1/users/{id}',
  'GET /v1/audit',
  'GET /v1/audit/verify',
  'GET /v1/users',
  'GET /v1/users/{id}',
  'PATCH /v1/users/{id}',
];

const UNKNOWN_ID = '01980000-0000-7000-8000-000000000000';

describe('every route of the API document', () => {
  let service: Service;
  let user: User;
  let routes: { readonly name: string; readonly method: string; readonly path: string }[];

  beforeAll(async () => {
    service = await Service.start();
    user = await service.newUser();
    const { body } = await service.get('/openapi.json');
    routes = Object.entries<object>(body.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => ({
        name: `${method.toUpperCase()} ${path}`,
        method: method.toUpperCase(),
        path: path.replaceAll(/\{\w+\}/g, UNKNOWN_ID),
      })),
    );
  });
  afterAll(() => service.stop());

  it('is in this test: the lists name routes that there are', () => {
    expect(routes.length).toBeGreaterThan(10);
    expect(routes.map(({ name }) => name)).toEqual(expect.arrayContaining([...PUBLIC, ...FOR_ADMINISTRATORS]));
  });

  it('answers 401 without a token unless it is public, whatever else is wrong with the request', async () => {
    const open: string[] = [];
    for (const { name, method, path } of routes) {
      const answers = [
        await service.request(method, path),
        await service.request(method, `${path}/?unknown=1&limit=x`),
        await service.request(method, path, { headers: { Authorization: `Bearer ${user.token}x` } }),
        ...(method === 'GET' ? [] : [await service.request(method, path, { rawBody: '{"broken' })]),
      ];
      const refused = answers.filter(
        ({ status, body, headers }) => status === 401 && body.code === 'not_authenticated' && headers.get('www-authenticate') === 'Bearer',
      );
      if (refused.length !== answers.length) open.push(name);
    }

    expect(open.toSorted()).toEqual(PUBLIC);
  });

  it('is marked in the document as what it is', async () => {
    const { body } = await service.get('/openapi.json');
    const unmarked = routes.filter(({ name, method }) => {
      const path = name.slice(method.length + 1);
      return body.paths[path][method.toLowerCase()].security === undefined;
    });

    expect(unmarked.map(({ name }) => name).toSorted()).toEqual(PUBLIC);
  });

  it('refuses an ordinary user just where it is for administrators', async () => {
    const refused: string[] = [];
    for (const { name, method, path } of routes) {
      // Anew each time: some routes end the session.
      const caller = await service.logIn(user.email);
      const { status, body } = await caller.request(method, path, { body: method === 'GET' || method === 'DELETE' ? undefined : {} });
      if (status === 403 && body.code === 'forbidden' && body.details.required === 'admin') refused.push(name);
    }

    expect(refused.toSorted()).toEqual(FOR_ADMINISTRATORS);
  });

  it('lets an administrator see no item of another', async () => {
    const { body } = await user.post('/v1/watchlists/items', { title: 'Dune', media_type: 'movie' });
    const admin = await service.newUser();
    await service.resolve(UsersService).setRole(admin.email, 'admin', null);

    for (const method of ['GET', 'DELETE']) {
      expect((await admin.request(method, `/v1/watchlists/items/${body.id}`)).status).toBe(404);
    }
  });

  it('is found under its own path alone: no other spelling goes round the guards', async () => {
    for (const path of [
      '/V1/users',
      '/v1/Users',
      '/v1//users',
      '//v1/users',
      '/v1/./users',
      '/v1/users%2f',
      '/v1/users;x=1',
      '/v1/users.json',
      '/v1%2fusers',
      '/users',
      '/v2/users',
    ]) {
      expect([401, 404]).toContain((await service.get(path)).status);
    }
    for (const method of ['HEAD', 'OPTIONS', 'PUT', 'DELETE']) {
      expect([401, 404, 405]).toContain((await service.request(method, '/v1/users')).status);
    }
  });
});

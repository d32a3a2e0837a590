import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OPERATOR } from '../../src/audit/audit.service.js';
import { UsersService } from '../../src/users/users.service.js';
import { OPERATIONS } from '../support/api-document.js';
import { PASSWORD, Service, type User } from '../support/service.js';

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
    await service.resolve(UsersService).setRole(admin.email, 'admin', OPERATOR);

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

describe('what belongs to somebody else', () => {
  let service: Service;
  let victim: User;
  let stranger: User;
  /** An id of the victim's for each kind of thing. A route of another kind is red until its kind is here. */
  let ids: Record<string, string>;

  beforeAll(async () => {
    service = await Service.start();
    [victim, stranger] = [await service.newUser(), await service.newUser()];
    const item = await victim.post('/v1/watchlists/items', { title: 'Dune', media_type: 'movie' });
    const token = await victim.post('/v1/auth/tokens', { name: 'a script', scopes: ['read'] });
    const sessions = await victim.get('/v1/auth/sessions');
    ids = {
      '/v1/watchlists/items': item.body.id,
      '/v1/auth/tokens': token.body.id,
      '/v1/auth/sessions': sessions.body.items[0].id,
      '/v1/users': victim.id,
    };
  });
  afterAll(() => service.stop());

  const ROUTES = OPERATIONS.filter(({ path }) => path.includes('{'));
  const stateOf = async (user: User): Promise<string[]> =>
    Promise.all(
      ['/v1/watchlists', '/v1/watchlists/trash', '/v1/auth/tokens', '/v1/auth/me'].map(async (path) => (await user.get(path)).text),
    );

  it('has routes with an id', () => {
    expect(ROUTES.length).toBeGreaterThan(5);
  });

  it.each(ROUTES)('is answered by $method $path as what is not there, and stays as it is', async ({ method, path, body }) => {
    const before = await stateOf(victim);
    const ask = async (id: string | undefined): Promise<unknown[]> => {
      const answer = await stranger.request(method, path.replace(/\{\w+\}/, String(id)), { body: body && { status: 'watched' } });
      return [answer.status, { ...answer.body, request_id: undefined }];
    };

    const theirs = await ask(ids[path.slice(0, path.indexOf('/{'))]);

    expect(theirs).toEqual(await ask(UNKNOWN_ID));
    expect([403, 404]).toContain(theirs[0]);
    expect(await stateOf(victim)).toEqual(before);
  });
});

describe('a body', () => {
  const FOREIGN = ['id', 'user_id', 'role', 'version', 'password_hash', 'disabled_at', 'created_at', 'email_verified'];
  let service: Service;
  let admin: User;

  beforeAll(async () => {
    service = await Service.start();
    admin = await service.newUser();
    await service.resolve(UsersService).setRole(admin.email, 'admin', OPERATOR);
  });
  afterAll(() => service.stop());

  it.each(OPERATIONS.filter(({ body }) => body))(
    'of $method $path sets nothing that the route does not name',
    async ({ method, path, body }) => {
      const foreign = FOREIGN.filter((field) => !Object.hasOwn(body?.properties ?? {}, field));

      const answer = await admin.request(method, path.replaceAll(/\{\w+\}/g, UNKNOWN_ID), {
        body: Object.fromEntries(foreign.map((field) => [field, 'x'])),
      });

      expect([answer.status, answer.body.code]).toEqual([400, 'validation_failed']);
      expect(answer.body.details.fields.map(({ field }: { field: string }) => field)).toEqual(expect.arrayContaining(foreign));
    },
  );
});

describe('a login', () => {
  it('opens a session of its own, whatever session the caller brings along', async () => {
    const service = await Service.start();
    const [attacker, victim] = [await service.newUser(), await service.newUser()];
    const cookie = `watchlist_refresh=${attacker.refreshToken}`;

    const { body } = await attacker.post(
      '/v1/auth/login',
      { email: victim.email, password: PASSWORD },
      { headers: { Cookie: cookie, 'Sec-Fetch-Site': 'same-origin' } },
    );
    const sessions = [attacker.refreshToken, victim.refreshToken, body.refresh_token].map((token) => token.split('.', 1)[0]);

    expect(new Set(sessions).size).toBe(3);
    expect((await attacker.get('/v1/auth/me')).body.id).toBe(attacker.id);
    await service.stop();
  });
});

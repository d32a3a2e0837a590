import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sql from 'sql-template-tag';
import { OPERATOR } from '../../src/audit/audit.service.js';
import { UserCache } from '../../src/cache/user-cache.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { UsersService } from '../../src/users/users.service.js';
import { eventually } from '../support/eventually.js';
import { type Answer, Client } from '../support/http.js';
import { PASSWORD, Service, type User } from '../support/service.js';

const TOKENS = '/v1/auth/tokens';
const ME = '/v1/auth/me';
const LIST = '/v1/watchlists';
const ITEMS = '/v1/watchlists/items';
const DUNE = { title: 'Dune', media_type: 'movie' };

let service: Service;

beforeAll(async () => {
  service = await Service.start();
});
afterAll(() => service.stop());

const refusal = ({ status, body }: Answer) => [status, body.code];
const forbidden = ({ status, body }: Answer) => [status, body.code, body.details?.required];

interface Script extends Client {
  readonly id: string;
}

async function newScript(user: User, scopes: string[], more: object = {}): Promise<Script> {
  const { body } = await user.post(TOKENS, { name: 'script', scopes, ...more });
  return Object.assign(new Client(service.url, body.token), { id: body.id as string });
}

async function change(user: User, column: 'expires_at' | 'last_used_at', id: string, value: string): Promise<void> {
  await service.resolve(UnitOfWork).write(async (tx) => {
    const statement = column === 'expires_at' ? sql`expires_at = ${value}` : sql`last_used_at = ${value}`;
    await tx.run(sql`UPDATE personal_access_tokens SET ${statement} WHERE id = ${id}`);
    tx.afterCommit(() => service.resolve(UserCache).invalidate(user.id, 'identity'));
  });
}

describe('making a token', () => {
  it('shows the token once and keeps nothing of it but a hash and how it begins', async () => {
    const user = await service.newUser();
    const answer = await user.post(TOKENS, { name: '  backup ', scopes: ['read', 'write'], expires_at: '2999-01-01T02:00:00+02:00' });

    expect(answer.status).toBe(201);
    const { token, ...shown } = answer.body;
    expect(token).toMatch(/^wl_[A-Za-z0-9_-]{51}$/);
    expect(shown).toEqual({
      id: expect.any(String),
      name: 'backup',
      prefix: token.slice(0, 11),
      scopes: ['read', 'write'],
      created_at: expect.any(String),
      expires_at: '2999-01-01T00:00:00.000Z',
      last_used_at: null,
    });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect((await user.get(TOKENS)).body).toEqual({ items: [shown], next_cursor: null });
    const secret = token.slice(11);
    for (const table of [sql`personal_access_tokens`, sql`audit_entries`]) {
      expect(JSON.stringify(await service.rows(sql`SELECT * FROM ${table}`))).not.toContain(secret);
    }
    expect(await service.rows(sql`SELECT action, changes FROM audit_entries WHERE target_id = ${shown.id}`)).toEqual([
      {
        action: 'token.created',
        changes: '{"name":[null,"backup"],"scopes":[null,["read","write"]],"expires_at":[null,"2999-01-01T00:00:00.000Z"]}',
      },
    ]);
  });

  it.each([
    ['without a name', { scopes: ['read'] }, 'name'],
    ['with an empty name', { name: ' ', scopes: ['read'] }, 'name'],
    ['with a name that is too long', { name: 'x'.repeat(101), scopes: ['read'] }, 'name'],
    ['without scopes', { name: 'x' }, 'scopes'],
    ['with no scope', { name: 'x', scopes: [] }, 'scopes'],
    ['with an unknown scope', { name: 'x', scopes: ['read', 'admin'] }, 'scopes'],
    ['with a scope twice', { name: 'x', scopes: ['read', 'read'] }, 'scopes'],
    ['with a scope that is no list', { name: 'x', scopes: 'read' }, 'scopes'],
    ['with a list within the list', { name: 'x', scopes: [['read']] }, 'scopes'],
    ['that has ended already', { name: 'x', scopes: ['read'], expires_at: '2020-01-01T00:00:00Z' }, 'expires_at'],
    ['that ends at no instant', { name: 'x', scopes: ['read'], expires_at: 'tomorrow' }, 'expires_at'],
    ['with an owner', { name: 'x', scopes: ['read'], user_id: crypto.randomUUID() }, 'user_id'],
    ['with a token of its own', { name: 'x', scopes: ['read'], token: 'wl_x' }, 'token'],
  ])('is refused %s', async (_, body, field) => {
    const user = await service.newUser();
    const answer = await user.post(TOKENS, body);

    expect(refusal(answer)).toEqual([400, 'validation_failed']);
    expect(answer.body.details.fields).toMatchObject([{ field }]);
    expect((await user.get(TOKENS)).body.items).toEqual([]);
  });

  it('lists from page to page, newest first, and never those of somebody else', async () => {
    const user = await service.newUser();
    await newScript(await service.newUser(), ['read']);
    const ids = [];
    for (let count = 0; count < 3; count++) ids.unshift((await newScript(user, ['read'])).id);

    const first = await user.get(`${TOKENS}?limit=2`);
    const second = await user.get(`${TOKENS}?limit=2&cursor=${first.body.next_cursor}`);

    expect([...first.body.items, ...second.body.items].map(({ id }) => id)).toEqual(ids);
    expect(second.body.next_cursor).toBeNull();
    expect(refusal(await user.get(`${TOKENS}?cursor=abc`))).toEqual([400, 'validation_failed']);
  });
});

describe('a token', () => {
  it('is its owner, and says so in the trail', async () => {
    const user = await service.newUser();
    const script = await newScript(user, ['write']);

    expect((await script.get(ME)).body).toEqual((await user.get(ME)).body);
    const item = (await script.post(ITEMS, DUNE)).body;
    expect((await user.get(`${ITEMS}/${item.id}`)).body).toEqual(item);
    expect(await service.rows(sql`SELECT actor_id FROM audit_entries WHERE target_id = ${item.id}`)).toEqual([{ actor_id: user.id }]);
  });

  it('that may read is told on a route that writes what it lacks, before anything is read of the body', async () => {
    const user = await service.newUser();
    const script = await newScript(user, ['read']);

    expect((await script.get(LIST)).status).toBe(200);
    expect((await script.request('HEAD', LIST)).status).not.toBe(403);
    for (const [method, path] of [
      ['POST', ITEMS],
      ['PATCH', `${ITEMS}/${crypto.randomUUID()}`],
      ['DELETE', `${ITEMS}/${crypto.randomUUID()}`],
    ] as const) {
      expect(forbidden(await script.request(method, path, { rawBody: '{broken' }))).toEqual([403, 'forbidden', 'write']);
    }
    expect((await user.get(LIST)).body.total).toBe(0);
  });

  it('that may write may read', async () => {
    const script = await newScript(await service.newUser(), ['write']);

    expect((await script.get(LIST)).status).toBe(200);
    expect((await script.post(ITEMS, DUNE)).status).toBe(201);
  });

  it.each(['read', 'write'])('with the scope %s manages no tokens, no sessions, no password and no account', async (scope) => {
    const user = await service.newUser();
    const script = await newScript(user, [scope]);

    for (const [method, path] of [
      ['GET', TOKENS],
      ['POST', TOKENS],
      ['DELETE', `${TOKENS}/${script.id}`],
      ['GET', '/v1/auth/sessions'],
      ['DELETE', `/v1/auth/sessions/${user.refreshToken.split('.', 1)[0]}`],
      ['POST', '/v1/auth/password'],
      ['POST', '/v1/auth/logout'],
      ['DELETE', ME],
    ] as const) {
      const body = method === 'GET' ? {} : { body: { name: 'x', scopes: ['write'], password: PASSWORD, current_password: PASSWORD } };
      expect([method, path, ...forbidden(await script.request(method, path, body))]).toEqual([method, path, 403, 'forbidden', 'session']);
    }
    expect((await user.get(ME)).status).toBe(200);
  });

  it('has the role its owner has at the moment', async () => {
    const user = await service.newUser();
    const script = await newScript(user, ['read']);
    expect(forbidden(await script.get('/v1/users'))).toEqual([403, 'forbidden', 'admin']);

    await service.resolve(UsersService).setRole(user.email, 'admin', OPERATOR);
    expect((await script.get('/v1/users')).status).toBe(200);
    expect(forbidden(await script.patch(`/v1/users/${user.id}`, { role: 'user' }))).toEqual([403, 'forbidden', 'write']);

    await service.resolve(UsersService).setRole((await service.newUser()).email, 'admin', OPERATOR);
    await service.resolve(UsersService).setRole(user.email, 'user', OPERATOR);
    expect(forbidden(await script.get('/v1/users'))).toEqual([403, 'forbidden', 'admin']);
  });

  it('ends when its time is over, also while its caller is in the cache', async () => {
    const user = await service.newUser();
    const script = await newScript(user, ['read'], { expires_at: new Date(Date.now() + 1_500).toISOString() });
    const answers = [await script.get(ME)];
    for (const end = Date.now() + 10_000; answers.at(-1)?.status === 200 && Date.now() < end;) answers.push(await script.get(ME));

    expect(answers.at(0)?.status).toBe(200);
    expect(refusal(answers.at(-1) as Answer)).toEqual([401, 'not_authenticated']);
    expect((await user.get(TOKENS)).body.items).toMatchObject([{ id: script.id }]);
  });

  it('outlives a change of the password, a logout and its maker’s session', async () => {
    const user = await service.newUser();
    const script = await newScript(user, ['read']);
    await user.post('/v1/auth/password', { current_password: PASSWORD, new_password: 'another good password' });
    await user.post('/v1/auth/logout');

    expect((await script.get(ME)).status).toBe(200);
  });

  it('is refused when anything of it is altered', async () => {
    const user = await service.newUser();
    const { token = '' } = await newScript(user, ['write']);
    const last = token.endsWith('A') ? 'B' : 'A';

    for (const forged of [
      token.slice(0, -1) + last,
      token.slice(0, -1),
      `${token}A`,
      token.toLowerCase(),
      token.slice(3),
      `wl_${'A'.repeat(51)}`,
      'wl_',
      `wl_${"' OR 1=1 --".padEnd(51, 'x')}`,
    ]) {
      expect([forged, ...refusal(await new Client(service.url, forged).get(ME))]).toEqual([forged, 401, 'not_authenticated']);
    }
  });
});

describe('revoking a token', () => {
  it('bites on its next request, on every instance, and stands in the trail', async () => {
    const user = await service.newUser();
    const script = await newScript(user, ['read']);
    const second = await Service.startOn(service.surroundings);
    try {
      const elsewhere = new Client(second.url, script.token);
      expect([(await script.get(ME)).status, (await elsewhere.get(ME)).status]).toEqual([200, 200]);

      expect((await user.delete(`${TOKENS}/${script.id}`)).status).toBe(204);

      expect([(await script.get(ME)).status, (await elsewhere.get(ME)).status]).toEqual([401, 401]);
    } finally {
      await second.halt();
    }
    expect((await user.get(TOKENS)).body.items).toEqual([]);
    expect(refusal(await user.delete(`${TOKENS}/${script.id}`))).toEqual([404, 'not_found']);
    expect(
      await service.rows(sql`SELECT action, changes FROM audit_entries WHERE target_id = ${script.id} ORDER BY id DESC`),
    ).toMatchObject([{ action: 'token.revoked', changes: '{"name":["script",null]}' }, { action: 'token.created' }]);
  });

  it('answers for a token of somebody else as for none', async () => {
    const [user, other] = [await service.newUser(), await service.newUser()];
    const script = await newScript(other, ['read']);

    for (const id of [script.id, crypto.randomUUID(), 'x']) {
      expect(refusal(await user.delete(`${TOKENS}/${id}`))).toEqual([404, 'not_found']);
    }
    expect((await script.get(ME)).status).toBe(200);
  });

  it('happens once when ten ask for it at once', async () => {
    const user = await service.newUser();
    const { id } = await newScript(user, ['read']);
    const answers = await Promise.all(Array.from({ length: 10 }, () => user.delete(`${TOKENS}/${id}`)));

    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 404)).toHaveLength(9);
    expect(await service.rows(sql`SELECT id FROM audit_entries WHERE target_id = ${id} AND action = 'token.revoked'`)).toHaveLength(1);
  });
});

describe('the last use of a token', () => {
  const lastUse = async (id: string): Promise<unknown> =>
    (await service.rows(sql`SELECT last_used_at FROM personal_access_tokens WHERE id = ${id}`))[0]?.last_used_at;

  it('is noted, but not a second time within a minute', async () => {
    const user = await service.newUser();
    const script = await newScript(user, ['read']);
    await script.get(ME);
    const first = await eventually(async () => (await lastUse(script.id)) ?? false);

    // A second instance remembers nothing of the first use; the database does.
    const second = await Service.startOn(service.surroundings);
    const elsewhere = new Client(second.url, script.token);
    for (let count = 0; count < 5; count++) await Promise.all([script.get(ME), elsewhere.get(ME)]);
    await second.halt();
    await user.post(ITEMS, DUNE);

    expect(await lastUse(script.id)).toBe(first);
    expect((await user.get(TOKENS)).body.items).toMatchObject([{ last_used_at: first }]);
  });

  it('is noted anew after a minute', async () => {
    const user = await service.newUser();
    const script = await newScript(user, ['read']);
    const past = new Date(Date.now() - 61_000).toISOString();
    await change(user, 'last_used_at', script.id, past);

    await script.get(ME);
    const noted = await eventually(async () => (await lastUse(script.id)) !== past && lastUse(script.id));

    expect(String(noted) > past).toBe(true);
  });
});

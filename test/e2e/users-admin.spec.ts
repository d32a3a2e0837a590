import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import sql from 'sql-template-tag';
import { OPERATOR } from '../../src/audit/audit.service.js';
import { UsersService } from '../../src/users/users.service.js';
import { type Answer, Client } from '../support/http.js';
import { PASSWORD, Service, type User } from '../support/service.js';

const USERS = '/v1/users';
const ME = '/v1/auth/me';

let service: Service;
let admin: User;

beforeAll(async () => {
  service = await Service.start();
});
afterAll(() => service.stop());

beforeEach(async () => {
  admin = await newAdmin();
});

async function newAdmin(): Promise<User> {
  const user = await service.newUser();
  await service.resolve(UsersService).setRole(user.email, 'admin', OPERATOR);
  return user;
}

/** Makes these the only active administrators. */
async function only(...admins: User[]): Promise<void> {
  const { body } = await admin.get(`${USERS}?role=admin&disabled=false&limit=100`);
  const others = body.items.filter(({ id }: { id: string }) => !admins.some((each) => each.id === id));
  for (const { email } of others) await service.resolve(UsersService).setRole(email, 'user', OPERATOR);
}

const refusal = ({ status, body }: Answer) => [status, body?.code];
const countActiveAdmins = async (): Promise<number> =>
  (await service.rows(sql`SELECT id FROM users WHERE role = 'admin' AND disabled_at IS NULL`)).length;

const changesOf = (id: string, requestId: string | null) =>
  service.rows(sql`SELECT action, actor_id, changes FROM audit_entries WHERE target_id = ${id} AND request_id = ${requestId} ORDER BY id`);

describe('one account', () => {
  it('is shown to an administrator with what there is to know of it', async () => {
    const user = await service.newUser();
    await user.post('/v1/watchlists/items', { title: 'Dune', media_type: 'movie' });

    const answer = await admin.get(`${USERS}/${user.id}`);

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      id: user.id,
      email: user.email,
      role: 'user',
      created_at: expect.any(String),
      disabled_at: null,
      item_count: 1,
    });
  });

  it('is hidden from everybody else', async () => {
    const [user, other] = [await service.newUser(), await service.newUser()];
    for (const method of ['GET', 'PATCH', 'DELETE']) {
      for (const id of [user.id, other.id, crypto.randomUUID()]) {
        const answer = await user.request(method, `${USERS}/${id}`, method === 'PATCH' ? { body: { role: 'admin' } } : {});
        expect([...refusal(answer), answer.body.details]).toEqual([403, 'forbidden', { required: 'admin' }]);
        expect(refusal(await service.request(method, `${USERS}/${id}`))).toEqual([401, 'not_authenticated']);
      }
    }
    expect((await other.get(ME)).body.role).toBe('user');
  });

  it('that is not there is not found, whatever is asked', async () => {
    for (const id of [crypto.randomUUID(), 'x', '0']) {
      expect(refusal(await admin.get(`${USERS}/${id}`))).toEqual([404, 'not_found']);
      expect(refusal(await admin.patch(`${USERS}/${id}`, { role: 'admin' }))).toEqual([404, 'not_found']);
      expect(refusal(await admin.delete(`${USERS}/${id}`))).toEqual([404, 'not_found']);
    }
  });
});

describe('the role', () => {
  it('changes with the next request of the account, both ways', async () => {
    const user = await service.newUser();
    expect((await user.get(USERS)).status).toBe(403);

    const promoted = await admin.patch(`${USERS}/${user.id}`, { role: 'admin' });
    expect([promoted.status, promoted.body.role]).toEqual([200, 'admin']);
    expect((await user.get(USERS)).status).toBe(200);
    expect(await changesOf(user.id, promoted.headers.get('x-request-id'))).toEqual([
      { action: 'user.role_changed', actor_id: admin.id, changes: '{"role":["user","admin"]}' },
    ]);

    expect((await admin.patch(`${USERS}/${user.id}`, { role: 'user' })).body.role).toBe('user');
    expect((await user.get(USERS)).status).toBe(403);
  });

  it('leaves no entry in the trail when it stays as it is', async () => {
    const user = await service.newUser();
    const answer = await admin.patch(`${USERS}/${user.id}`, { role: 'user', disabled: false });

    expect(answer.status).toBe(200);
    expect(await changesOf(user.id, answer.headers.get('x-request-id'))).toEqual([]);
  });

  it.each([
    [{}],
    [{ role: 'root' }],
    [{ role: null }],
    [{ disabled: 'true' }],
    [{ disabled: null }],
    [{ disabled: 1 }],
    [{ email: 'other@example.org' }],
    [{ role: 'admin', id: 'x' }],
    [{ disabled_at: null }],
    [{ password: 'another good password' }],
  ])('and the access are all that can be changed: %j', async (body) => {
    const user = await service.newUser();
    expect(refusal(await admin.patch(`${USERS}/${user.id}`, body))).toEqual([400, 'validation_failed']);
    expect((await admin.get(`${USERS}/${user.id}`)).body).toMatchObject({ role: 'user', disabled_at: null, email: user.email });
  });
});

describe('disabling', () => {
  it('lets nothing of the account in from its next request on, and enabling lets it in again', async () => {
    const user = await service.newUser();
    const token = (await user.post('/v1/auth/tokens', { name: 'script', scopes: ['read'] })).body.token;
    const script = new Client(service.url, token);
    expect([(await user.get(ME)).status, (await script.get(ME)).status]).toEqual([200, 200]);

    const disabled = await admin.patch(`${USERS}/${user.id}`, { disabled: true });

    expect(disabled.body.disabled_at).toEqual(expect.stringMatching(/Z$/));
    expect([(await user.get(ME)).status, (await script.get(ME)).status]).toEqual([401, 401]);
    expect(refusal(await service.post('/v1/auth/refresh', { refresh_token: user.refreshToken }))).toEqual([401, 'invalid_refresh_token']);
    expect(refusal(await service.post('/v1/auth/login', { email: user.email, password: PASSWORD }))).toEqual([403, 'account_disabled']);
    expect(refusal(await service.post('/v1/auth/login', { email: user.email, password: 'wrong password' }))).toEqual([
      401,
      'invalid_credentials',
    ]);

    const enabled = await admin.patch(`${USERS}/${user.id}`, { disabled: false });

    expect(enabled.body.disabled_at).toBeNull();
    expect([(await user.get(ME)).status, (await script.get(ME)).status]).toEqual([200, 200]);
    expect((await service.post('/v1/auth/refresh', { refresh_token: user.refreshToken })).status).toBe(200);
    expect(await changesOf(user.id, disabled.headers.get('x-request-id'))).toMatchObject([{ action: 'user.disabled', actor_id: admin.id }]);
    expect(await changesOf(user.id, enabled.headers.get('x-request-id'))).toMatchObject([{ action: 'user.enabled', actor_id: admin.id }]);
  });

  it('twice keeps the first time', async () => {
    const user = await service.newUser();
    const first = await admin.patch(`${USERS}/${user.id}`, { disabled: true });
    const second = await admin.patch(`${USERS}/${user.id}`, { disabled: true });

    expect(second.body).toEqual(first.body);
    expect(await changesOf(user.id, second.headers.get('x-request-id'))).toEqual([]);
  });

  it('bites on another instance too', async () => {
    const user = await service.newUser();
    const second = await Service.startOn(service.surroundings);
    try {
      const elsewhere = new Client(second.url, user.token);
      expect((await elsewhere.get(ME)).status).toBe(200);
      await admin.patch(`${USERS}/${user.id}`, { disabled: true });
      expect((await elsewhere.get(ME)).status).toBe(401);
      await admin.patch(`${USERS}/${user.id}`, { disabled: false });
      expect((await elsewhere.get(ME)).status).toBe(200);
    } finally {
      await second.halt();
    }
  });
});

describe('deleting an account', () => {
  it('removes all its data and keeps the fact, without the e-mail', async () => {
    const user = await service.newUser();
    await user.post('/v1/watchlists/items', { title: 'Dune', media_type: 'movie' });
    await user.post('/v1/auth/tokens', { name: 'script', scopes: ['read'] });

    const answer = await admin.delete(`${USERS}/${user.id}`);

    expect(answer.status).toBe(204);
    expect((await user.get(ME)).status).toBe(401);
    expect(refusal(await admin.get(`${USERS}/${user.id}`))).toEqual([404, 'not_found']);
    expect(refusal(await admin.delete(`${USERS}/${user.id}`))).toEqual([404, 'not_found']);
    for (const table of [sql`sessions`, sql`watchlist_items`, sql`personal_access_tokens`]) {
      expect(await service.rows(sql`SELECT id FROM ${table} WHERE user_id = ${user.id}`)).toEqual([]);
    }
    expect(await changesOf(user.id, answer.headers.get('x-request-id'))).toEqual([
      { action: 'user.deleted', actor_id: admin.id, changes: '{"role":["user",null]}' },
    ]);
    expect(JSON.stringify(await service.rows(sql`SELECT * FROM audit_entries`))).not.toContain(user.email);
  });
});

describe('the last active administrator', () => {
  it('cannot be demoted, disabled or deleted, by nobody and in no way', async () => {
    await only(admin);

    expect(refusal(await admin.patch(`${USERS}/${admin.id}`, { role: 'user' }))).toEqual([409, 'last_admin']);
    expect(refusal(await admin.patch(`${USERS}/${admin.id}`, { disabled: true }))).toEqual([409, 'last_admin']);
    expect(refusal(await admin.delete(`${USERS}/${admin.id}`))).toEqual([409, 'last_admin']);
    expect(refusal(await admin.delete(ME, { body: { password: PASSWORD } }))).toEqual([409, 'last_admin']);
    expect((await admin.get(`${USERS}/${admin.id}`)).body).toMatchObject({ role: 'admin', disabled_at: null });
  });

  it('is the last one also beside administrators that are disabled', async () => {
    const other = await newAdmin();
    await only(admin, other);
    expect((await admin.patch(`${USERS}/${other.id}`, { disabled: true })).status).toBe(200);

    expect(refusal(await admin.patch(`${USERS}/${admin.id}`, { role: 'user' }))).toEqual([409, 'last_admin']);
    expect((await admin.patch(`${USERS}/${other.id}`, { role: 'user' })).status).toBe(200);
  });

  it('may leave once there is another', async () => {
    const other = await newAdmin();
    await only(admin, other);

    expect((await admin.delete(ME, { body: { password: PASSWORD } })).status).toBe(204);
    expect(refusal(await other.patch(`${USERS}/${other.id}`, { disabled: true }))).toEqual([409, 'last_admin']);
    admin = other;
  });

  it.each([
    ['demote', (by: User, of: User) => by.patch(`${USERS}/${of.id}`, { role: 'user' })],
    ['disable', (by: User, of: User) => by.patch(`${USERS}/${of.id}`, { disabled: true })],
    ['delete', (by: User, of: User) => by.delete(`${USERS}/${of.id}`)],
  ])('is left when two %s each other at the same moment', async (_, act) => {
    for (let round = 0; round < 5; round++) {
      const [one, two] = [await newAdmin(), await newAdmin()];
      await only(one, two);

      const answers = await Promise.all([act(one, two), act(two, one)]);

      expect(await countActiveAdmins()).toBe(1);
      for (const { status } of answers) expect([200, 204, 401, 403, 409]).toContain(status);
      admin = await newAdmin();
    }
  });

  it('is left when five leave at the same moment', async () => {
    const five = [admin, await newAdmin(), await newAdmin(), await newAdmin(), await newAdmin()];
    await only(...five);

    const answers = await Promise.all(five.map((each) => each.delete(ME, { body: { password: PASSWORD } })));

    expect(answers.filter(({ status }) => status === 204)).toHaveLength(4);
    expect(answers.filter((answer) => refusal(answer).includes('last_admin'))).toHaveLength(1);
    expect(await countActiveAdmins()).toBe(1);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sql from 'sql-template-tag';
import { OPERATOR } from '../../src/audit/audit.service.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { UsersService } from '../../src/users/users.service.js';
import { Service, type User } from '../support/service.js';

const USERS = '/v1/users';

describe('the accounts', () => {
  let service: Service;
  let admin: User;
  const emails = ['admin@example.org', 'ada@example.org', 'a_b@example.org', 'axb@example.org', '100%@example.com', '1000@example.com'];

  beforeAll(async () => {
    service = await Service.start();
    for (const email of emails) await service.newUser(email);
    await service.resolve(UsersService).setRole('admin@example.org', 'admin', OPERATOR);
    admin = await service.logIn('admin@example.org');
    await service
      .resolve(UnitOfWork)
      .write((tx) => tx.run(sql`UPDATE users SET disabled_at = '2026-11-22T08:14:08.123Z' WHERE email = 'axb@example.org'`));
  });
  afterAll(() => service.stop());

  const emailsOf = async (query: string): Promise<string[]> => {
    const { body } = await admin.get(`${USERS}?${query}`);
    return body.items.map(({ email }: { email: string }) => email);
  };

  it('are listed for an administrator, oldest first, with how many items each has', async () => {
    const ada = await service.logIn('ada@example.org');
    for (const title of ['Dune', 'Alien']) await ada.post('/v1/watchlists/items', { title, media_type: 'movie' });
    const { body: gone } = await ada.post('/v1/watchlists/items', { title: 'Gone', media_type: 'movie' });
    await ada.delete(`/v1/watchlists/items/${gone.id}`);

    const answer = await admin.get(USERS);

    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ total: emails.length, skip: 0, limit: 20 });
    expect(answer.body.items.map((user: { email: string }) => user.email)).toEqual(emails);
    expect(answer.body.items[1]).toEqual({
      id: ada.id,
      email: 'ada@example.org',
      role: 'user',
      created_at: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/),
      disabled_at: null,
      item_count: 2,
    });
    expect(answer.body.items[3]).toMatchObject({ disabled_at: '2026-11-22T08:14:08.123Z', item_count: 0 });
  });

  it.each([
    ['a page', 'limit=2', emails.slice(0, 2)],
    ['a later page', 'limit=2&skip=2', emails.slice(2, 4)],
    ['the last page', 'limit=4&skip=4', emails.slice(4)],
    ['a page behind the end', 'skip=10000', []],
    ['administrators', 'role=admin', ['admin@example.org']],
    ['ordinary users', 'role=user', emails.slice(1)],
    ['the disabled', 'disabled=true', ['axb@example.org']],
    ['the enabled', 'disabled=false', emails.filter((email) => email !== 'axb@example.org')],
    ['a part of the address', 'q=example.com', ['100%@example.com', '1000@example.com']],
    ['a part of the address in capitals', 'q=ADA', ['ada@example.org']],
    ['an underscore, which stands for itself', 'q=a_b', ['a_b@example.org']],
    ['a percent sign, which stands for itself', 'q=0%25', ['100%@example.com']],
    ['a backslash, which stands for itself', 'q=%5C', []],
    ['several conditions, which all must hold', 'q=example.org&role=user&disabled=false', ['ada@example.org', 'a_b@example.org']],
  ])('can be narrowed to %s', async (_, query, expected) => {
    expect(await emailsOf(query)).toEqual(expected);
  });

  it('are counted by what the filter leaves, wherever the page is', async () => {
    expect((await admin.get(`${USERS}?q=example.com&limit=1&skip=1`)).body).toMatchObject({ total: 2, skip: 1, limit: 1 });
    expect((await admin.get(`${USERS}?q=example.com&skip=5`)).body).toMatchObject({ total: 2, skip: 5, items: [] });
  });

  it('show no hash and no secret', async () => {
    const { text } = await admin.get(USERS);

    expect(text).not.toMatch(/\$2b\$|password|hash/);
  });

  it.each([
    'limit=0',
    'limit=101',
    'limit=1e1',
    'limit=5&limit=5',
    'skip=-1',
    'skip=10001',
    'role=root',
    'role=',
    'disabled=1',
    'disabled=',
    'q=',
    'sort=email',
  ])('are not listed by %s, which is refused, never mended', async (query) => {
    const { status, body } = await admin.get(`${USERS}?${query}`);
    expect([status, body.code, body.details.fields[0].field]).toEqual([400, 'validation_failed', query.split('=')[0]]);
  });

  it('are none of an ordinary user’s business', async () => {
    const { status, body } = await (await service.logIn('ada@example.org')).get(USERS);

    expect(status).toBe(403);
    expect(body).toEqual({
      code: 'forbidden',
      message: expect.any(String),
      request_id: expect.any(String),
      details: { required: 'admin' },
    });
  });

  it('are refused to an ordinary user before anything is said of the query', async () => {
    expect((await (await service.logIn('ada@example.org')).get(`${USERS}?limit=x`)).status).toBe(403);
  });
});

describe('changing a role', () => {
  let service: Service;
  let users: UsersService;
  let user: User;

  beforeAll(async () => {
    service = await Service.start();
    users = service.resolve(UsersService);
    user = await service.newUser();
  });
  afterAll(() => service.stop());

  const trail = () =>
    service.rows(sql`SELECT actor_id, target_id, changes FROM audit_entries WHERE action = 'user.role_changed' ORDER BY id`);

  it('leaves one entry in the trail, and none when nothing changes', async () => {
    await users.setRole(user.email, 'admin', OPERATOR);
    await users.setRole(user.email, 'admin', OPERATOR);

    expect(await trail()).toEqual([{ actor_id: null, target_id: user.id, changes: '{"role":["user","admin"]}' }]);
  });

  it('is refused for the last active administrator, also beside a disabled one, and changes nothing', async () => {
    const disabled = await service.newUser();
    await users.setRole(disabled.email, 'admin', OPERATOR);
    await service.resolve(UnitOfWork).write((tx) => tx.run(sql`UPDATE users SET disabled_at = created_at WHERE id = ${disabled.id}`));
    const before = await trail();

    await expect(users.setRole(user.email, 'user', OPERATOR)).rejects.toMatchObject({ code: 'last_admin', status: 409 });

    expect(await service.rows(sql`SELECT role FROM users WHERE id = ${user.id}`)).toEqual([{ role: 'admin' }]);
    expect(await trail()).toEqual(before);
  });

  it('is refused for one of two administrators who demote each other at the same moment', async () => {
    const other = await service.newUser();
    await users.setRole(other.email, 'admin', OPERATOR);

    const results = await Promise.allSettled([user, other].map(({ email }) => users.setRole(email, 'user', OPERATOR)));

    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(await service.rows(sql`SELECT id FROM users WHERE role = 'admin' AND disabled_at IS NULL`)).toHaveLength(1);
  });

  it('of nobody is an error', async () => {
    await expect(users.setRole('nobody@example.org', 'admin', OPERATOR)).rejects.toMatchObject({ code: 'not_found' });
  });
});

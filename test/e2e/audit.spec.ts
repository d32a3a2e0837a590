import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sql, { type Sql } from 'sql-template-tag';
import { OPERATOR } from '../../src/audit/audit.service.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { UsersService } from '../../src/users/users.service.js';
import { PASSWORD, Service, type User } from '../support/service.js';

const AUDIT = '/v1/audit';
const ITEMS = '/v1/watchlists/items';

interface Entry {
  readonly id: string;
  readonly at: string;
  readonly actor_id: string | null;
  readonly action: string;
  readonly target_id: string | null;
}

let service: Service;
let admin: User;

beforeAll(async () => {
  service = await Service.start();
  admin = await newAdmin();
});
afterAll(() => service.stop());

async function newAdmin(): Promise<User> {
  const user = await service.newUser();
  await service.resolve(UsersService).setRole(user.email, 'admin', OPERATOR);
  return user;
}

async function addItem(user: User, title: string): Promise<string> {
  return (await user.post(ITEMS, { title, media_type: 'movie' })).body.id;
}

const entriesOf = async (caller: User, path: string): Promise<Entry[]> => (await caller.get(path)).body.items;
const countOf = async (table: Sql): Promise<number> =>
  Number((await service.rows<{ n: number }>(sql`SELECT count(*) AS n FROM ${table}`))[0]?.n);

describe('the own trail', () => {
  it('tells what the caller did and on which request, newest first, and nothing of anybody else', async () => {
    const user = await service.newUser();
    const added = await user.post(ITEMS, { title: 'Dune', media_type: 'movie' }, { headers: { 'X-Request-ID': 'adding-dune' } });
    const { id } = added.body;
    await user.patch(`${ITEMS}/${id}`, { status: 'watched' });
    await addItem(await service.newUser(), 'Alien');
    await user.delete(`${ITEMS}/${id}`);

    const { status, body } = await user.get(`${AUDIT}/me`);

    expect(status).toBe(200);
    expect(body.next_cursor).toBeNull();
    expect(body.items.map(({ action }: Entry) => action)).toEqual([
      'item.deleted',
      'item.updated',
      'item.added',
      'user.logged_in',
      'user.registered',
    ]);
    expect(body.items.every(({ actor_id }: Entry) => actor_id === user.id)).toBe(true);
    expect(body.items[1].changes).toEqual({ status: ['planned', 'watched'] });
    expect({ ...body.items[2], seq: null }).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      seq: null,
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      actor_id: user.id,
      action: 'item.added',
      target_type: 'item',
      target_id: id,
      changes: { title: [null, 'Dune'], media_type: [null, 'movie'], status: [null, 'planned'] },
      request_id: 'adding-dune',
      ip: '127.0.0.1',
    });
  });

  it('is paged by a cursor that is good for nobody else', async () => {
    const user = await service.newUser();
    for (const title of ['Dune', 'Alien', 'Solaris']) await addItem(user, title);
    const whole = await entriesOf(user, `${AUDIT}/me`);

    const first = (await user.get(`${AUDIT}/me?limit=3`)).body;
    // What comes in between is newer than everything the cursor leads to.
    await addItem(user, 'Stalker');
    const second = (await user.get(`${AUDIT}/me?limit=3&cursor=${first.next_cursor}`)).body;

    expect([...first.items, ...second.items].map(({ id }: Entry) => id)).toEqual(whole.map(({ id }) => id));
    expect(second.next_cursor).toBeNull();
    expect((await (await service.newUser()).get(`${AUDIT}/me?cursor=${first.next_cursor}`)).status).toBe(400);
    expect((await admin.get(`${AUDIT}?cursor=${first.next_cursor}`)).status).toBe(400);
  });
});

describe('the whole trail', () => {
  let user: User;
  let itemId: string;
  let all: Entry[];

  beforeAll(async () => {
    user = await service.newUser();
    itemId = await addItem(user, 'Dune');
    await user.patch(`${ITEMS}/${itemId}`, { year: 2021 });
    await addItem(await service.newUser(), 'Alien');
    await service.post('/v1/auth/login', { email: 'nobody@example.org', password: PASSWORD });
    all = await entriesOf(admin, `${AUDIT}?limit=100`);
  });

  it('is for administrators alone', async () => {
    const { status, body } = await user.get(AUDIT);

    expect([status, body.code, body.details]).toEqual([403, 'forbidden', { required: 'admin' }]);
  });

  it('holds what everybody did, newest first', () => {
    expect(all.map(({ id }) => id)).toEqual(
      all
        .map(({ id }) => id)
        .toSorted()
        .toReversed(),
    );
    expect(new Set(all.map(({ actor_id }) => actor_id)).size).toBeGreaterThanOrEqual(4);
    expect(all[0]).toMatchObject({ action: 'user.login_failed', actor_id: null, target_id: null });
  });

  it.each<[string, () => string, (entry: Entry) => boolean]>([
    ['who did it', () => `actor_id=${user.id}`, (entry) => entry.actor_id === user.id],
    ['what was done', () => 'action=item.added', (entry) => entry.action === 'item.added'],
    ['what it was done to', () => `target_id=${itemId}`, (entry) => entry.target_id === itemId],
    [
      'several of them',
      () => `actor_id=${user.id}&action=item.updated&target_id=${itemId}`,
      ({ action, target_id }) => action === 'item.updated' && target_id === itemId,
    ],
    ['an instant, it included', () => `since=${all[3]?.at}`, (entry) => entry.at >= String(all[3]?.at)],
    ['an instant, it not included', () => `until=${all[3]?.at}`, (entry) => entry.at < String(all[3]?.at)],
    ['an instant in another zone', () => `since=${inZone(String(all[3]?.at))}`, (entry) => entry.at >= String(all[3]?.at)],
    ['a span of nothing', () => `since=${all[3]?.at}&until=${all[3]?.at}`, () => false],
    ['somebody unknown', () => 'actor_id=nobody', () => false],
  ])('can be narrowed by %s', async (_, query, belongs) => {
    expect((await entriesOf(admin, `${AUDIT}?limit=100&${query()}`)).map(({ id }) => id)).toEqual(all.filter(belongs).map(({ id }) => id));
  });

  /** The same instant as clocks in Tokyo show it. */
  function inZone(instant: string): string {
    return encodeURIComponent(new Date(Date.parse(instant) + 9 * 3_600_000).toISOString().replace('Z', '+09:00'));
  }

  it('is paged by a cursor under every filter, and only under its own', async () => {
    const added = all.filter(({ action }) => action === 'item.added');
    const first = (await admin.get(`${AUDIT}?action=item.added&limit=1`)).body;
    const second = (await admin.get(`${AUDIT}?action=item.added&limit=100&cursor=${first.next_cursor}`)).body;

    expect([...first.items, ...second.items].map(({ id }: Entry) => id)).toEqual(added.map(({ id }) => id));
    expect((await admin.get(`${AUDIT}?action=item.updated&cursor=${first.next_cursor}`)).status).toBe(400);
    expect((await admin.get(`${AUDIT}?cursor=${first.next_cursor}`)).status).toBe(400);
  });

  it.each([
    'action=item.stolen',
    'action=',
    'since=yesterday',
    'since=2026-11-22',
    'since=2026-11-22T08:14:08',
    'until=2026-02-30T00:00:00Z',
    'since=%2B010000-01-01T00:00:00Z',
    'limit=0',
    'limit=101',
    'cursor=x',
    'actor_id=',
    'skip=1',
  ])('is not given for %s: refused, never mended', async (query) => {
    const { status, body } = await admin.get(`${AUDIT}?${query}`);
    expect([status, body.code, body.details.fields[0].field]).toEqual([400, 'validation_failed', query.split('=')[0]]);
  });
});

describe('a change and its entry', () => {
  it('happen together: what is refused leaves neither', async () => {
    const user = await service.newUser();
    const id = await addItem(user, 'Dune');
    const other = await addItem(user, 'Alien');
    const [items, entries] = [await countOf(sql`watchlist_items`), await countOf(sql`audit_entries`)];

    const refused = [
      await user.post(ITEMS, { title: 'DUNE', media_type: 'movie' }),
      await user.patch(`${ITEMS}/${other}`, { title: 'dune' }),
      await user.patch(`${ITEMS}/${id}`, { year: 1 }),
      await user.delete(`${ITEMS}/01980000-0000-7000-8000-000000000000`),
      await (await service.logIn(admin.email)).patch(`${ITEMS}/${id}`, { year: 2021 }),
    ];

    expect(refused.map(({ status }) => status)).toEqual([409, 409, 400, 404, 404]);
    expect(await countOf(sql`watchlist_items`)).toBe(items);
    // The administrator's login, and nothing else.
    expect(await countOf(sql`audit_entries`)).toBe(entries + 1);
  });

  it('happen together: where the entry cannot be written, nothing is changed and the caller is told so', async () => {
    const fresh = await Service.start();
    try {
      const user = await fresh.newUser();
      const id = await addItem(user, 'Dune');
      const stateOf = async (): Promise<unknown> => [
        await fresh.rows(sql`SELECT * FROM watchlist_items ORDER BY id`),
        await fresh.rows(sql`SELECT * FROM users ORDER BY id`),
        await fresh.rows(sql`SELECT * FROM sessions ORDER BY id`),
      ];
      const before = await stateOf();
      await fresh.resolve(UnitOfWork).write((tx) => tx.run(sql`ALTER TABLE audit_entries RENAME TO elsewhere`));

      const answers = [
        await user.post(ITEMS, { title: 'Alien', media_type: 'movie' }),
        await user.patch(`${ITEMS}/${id}`, { year: 2021 }),
        await user.delete(`${ITEMS}/${id}`),
        await fresh.post('/v1/auth/register', { email: 'ada@example.org', password: PASSWORD }),
        await fresh.post('/v1/auth/login', { email: user.email, password: PASSWORD }),
      ];

      for (const { status, body } of answers) {
        expect([status, body]).toEqual([500, { code: 'internal_error', message: expect.any(String), request_id: expect.any(String) }]);
      }
      expect(await stateOf()).toEqual(before);
      expect((await user.get('/v1/watchlists')).body.total).toBe(1);
    } finally {
      await fresh.stop();
    }
  });
});

describe('what the trail never holds', () => {
  it('is an e-mail address, a password, a hash or a token', async () => {
    const user = await service.newUser('somebody-special@example.org');
    await service.post('/v1/auth/login', { email: user.email, password: 'a wrong password of mine' });
    await service.post('/v1/auth/register', { email: user.email, password: 'another password of mine' });
    await service.resolve(UsersService).setRole(user.email, 'admin', OPERATOR);
    const [row] = await service.rows<{ password_hash: string }>(sql`SELECT password_hash FROM users WHERE id = ${user.id}`);

    const trail = JSON.stringify(await service.rows(sql`SELECT * FROM audit_entries`));

    expect(trail).toContain(user.id);
    for (const secret of [
      user.email,
      'somebody-special',
      PASSWORD,
      'password of mine',
      row?.password_hash,
      user.token,
      user.refreshToken,
    ]) {
      expect(trail).not.toContain(secret);
    }
  });
});

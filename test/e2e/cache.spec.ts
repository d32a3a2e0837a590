// A cache that never lies: fast when nothing was written, gone with the first write, and never anybody else's.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { OPERATOR } from '../../src/audit/audit.service.js';
import { UsersService } from '../../src/users/users.service.js';
import { eventually } from '../support/eventually.js';
import { Service, type User } from '../support/service.js';

const LIST = '/v1/watchlists';
const ITEMS = `${LIST}/items`;
/** Replicas that share a database but no Redis could not tell each other of their writes. */
const HAS_CACHE = leg.databaseUrl === undefined || leg.redisUrl !== undefined;
const HIT = HAS_CACHE ? 'HIT' : 'BYPASS';
const MISS = HAS_CACHE ? 'MISS' : 'BYPASS';
const RACING_READS = Number(process.env.WATCHLIST_TEST_READS ?? 3_000);

describe('cache', () => {
  let service: Service;
  let user: User;

  beforeAll(async () => {
    service = await Service.start();
    // Redis is not waited for at the start: until it has answered once, everything is a bypass.
    await eventually(async () => (await service.get('/health/detailed')).body.checks.cache.status === 'up');
  });
  beforeEach(async () => {
    user = await service.newUser();
  });
  afterAll(() => service.stop());

  async function stateOf(path: string, reader = user): Promise<string | null> {
    return (await reader.get(path)).headers.get('x-cache');
  }

  const add = async (title: string, owner = user): Promise<string> => (await owner.post(ITEMS, { title, media_type: 'movie' })).body.id;

  it(`answers a list that was asked for before with ${HIT} and the same bytes`, async () => {
    await add('Stalker – Сталкер 🎬');
    const [first, second] = [await user.get(LIST), await user.get(LIST)];

    expect([first.headers.get('x-cache'), second.headers.get('x-cache')]).toEqual([MISS, HIT]);
    expect(second.text).toBe(first.text);
    expect(second.body.total).toBe(1);
    for (const header of ['content-type', 'content-length', 'cache-control', 'vary', 'etag', 'link']) {
      expect([header, second.headers.get(header)]).toEqual([header, first.headers.get(header)]);
    }
    expect(second.headers.get('cache-control')).toBe('private, no-cache');
    expect(second.headers.get('x-request-id')).not.toBe(first.headers.get('x-request-id'));
  });

  it('takes the same parameters in another order for the same question, and others for another', async () => {
    await user.get(`${LIST}?limit=5&sort=title&status=planned`);

    expect(await stateOf(`${LIST}?status=planned&limit=5&sort=title`)).toBe(HIT);
    expect(await stateOf(`${LIST}/?sort=title&status=planned&limit=5`)).toBe(HIT);
    expect(await stateOf(`${LIST}?limit=6&sort=title&status=planned`)).toBe(MISS);
    expect(await stateOf(`${LIST}?limit=5&sort=-title&status=planned`)).toBe(MISS);
    expect(await stateOf(LIST)).toBe(MISS);
  });

  it.each<[write: string, act: (id: string) => Promise<unknown>]>([
    ['adding an item', () => add('Ikiru')],
    ['changing an item', (id) => user.patch(`${ITEMS}/${id}`, { status: 'watched' })],
    ['deleting an item', (id) => user.delete(`${ITEMS}/${id}`)],
    ['a new role', () => service.resolve(UsersService).setRole(user.email, 'admin', OPERATOR)],
  ])('drops every list of the user for %s', async (_, act) => {
    const id = await add('Ran');
    for (const path of [LIST, `${LIST}?limit=1`, LIST, `${LIST}?limit=1`]) await user.get(path);
    await act(id);

    const answer = await user.get(LIST);
    expect(answer.headers.get('x-cache')).toBe(MISS);
    expect(answer.body.items).toEqual((await user.get(`${LIST}?limit=99`)).body.items);
    expect(await stateOf(`${LIST}?limit=1`)).toBe(MISS);
    expect(await stateOf(LIST)).toBe(HIT);
  });

  it('keeps the lists for a write that was refused', async () => {
    await add('Ran');
    await user.get(LIST);
    await user.post(ITEMS, { title: 'Ran', media_type: 'movie' });
    await user.post(ITEMS, { title: '', media_type: 'movie' });
    await user.delete(`${ITEMS}/01a20300-0000-7000-8000-000000000000`);

    expect(await stateOf(LIST)).toBe(HIT);
  });

  it("keeps a user's lists when somebody else writes", async () => {
    const other = await service.newUser();
    await user.get(LIST);
    await add('Ran', other);

    expect(await stateOf(LIST)).toBe(HIT);
  });

  it("never serves somebody else's list", async () => {
    const others = await Promise.all(Array.from({ length: 10 }, () => service.newUser()));
    await Promise.all(others.map((owner) => add(`of ${owner.id}`, owner)));
    for (let round = 0; round < 5; round++) {
      const answers = await Promise.all(others.map((owner) => owner.get(`${LIST}?sort=title`)));

      expect(answers.map(({ body }) => body.items.map((item: { title: string }) => item.title))).toEqual(
        others.map(({ id }) => [`of ${id}`]),
      );
    }
  });

  it('does not answer a bad question from the cache of a good one', async () => {
    await user.get(`${LIST}?limit=5`);

    for (const query of ['limit=5&limit=5', 'limit=5&unknown=1', 'limit=05x', 'LIMIT=5']) {
      expect((await user.get(`${LIST}?${query}`)).status).toBe(400);
      expect((await user.get(`${LIST}?${query}`)).status).toBe(400);
    }
  });

  it(`shows every acknowledged write to every read that starts after it: none stale of ${RACING_READS} racing reads`, async () => {
    const id = await add('Sátántangó');
    let acknowledged = 1;
    let reads = 0;
    let stale = 0;
    let hits = 0;

    const read = async (path: string): Promise<void> => {
      while (reads < RACING_READS) {
        const expected = acknowledged;
        const answer = await user.get(path);
        reads++;
        if (answer.headers.get('x-cache') === 'HIT') hits++;
        if (answer.body.items[0].version < expected) stale++;
      }
    };
    const write = async (): Promise<void> => {
      while (reads < RACING_READS) {
        const { body } = await user.patch(`${ITEMS}/${id}`, { notes: `after ${reads} reads, ${crypto.randomUUID()}` });
        acknowledged = body.version;
        // A few reads of what is cached, too, before the next write.
        const reached = reads + 10;
        await eventually(() => reads >= reached || reads >= RACING_READS);
      }
    };
    await Promise.all([
      write(),
      read(LIST),
      read(LIST),
      read(`${LIST}?limit=1`),
      read(`${LIST}?sort=title`),
      read(`${LIST}?sort=-rating&q=s`),
    ]);

    expect(stale).toBe(0);
    expect(acknowledged).toBeGreaterThan(50);
    expect(hits > 0).toBe(HAS_CACHE);
  }, 120_000);
});

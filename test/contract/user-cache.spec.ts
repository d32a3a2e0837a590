// The rule that makes the cache honest: an entry counts only under the generation its reader had before it asked the database.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CacheStore } from '../../src/cache/cache-store.js';
import { MemoryStore } from '../../src/cache/memory-store.js';
import { NoStore } from '../../src/cache/no-store.js';
import { RedisStore } from '../../src/cache/redis-store.js';
import { type CacheKind, type CacheState, UserCache } from '../../src/cache/user-cache.js';
import { loadConfig } from '../../src/config/config.js';
import { eventually } from '../support/eventually.js';
import { createSurroundings, type Surroundings } from '../support/leg.js';
import { Proxy } from '../support/proxy.js';

const redisUrl = legs.find((leg) => leg.redisUrl !== undefined)?.redisUrl;

const PAGE = '/v1/watchlists?';
const STORES: [engine: string, create: () => CacheStore][] = [['memory', () => new MemoryStore()]];
if (redisUrl !== undefined) STORES.push(['redis', () => new RedisStore(redisUrl)]);

async function stateOf(cache: UserCache, userId: string, name = PAGE, kind: CacheKind = 'list'): Promise<CacheState> {
  return (await cache.find(userId, kind, name)).state;
}

/** Asks, and stores what `read` answers on a miss, as every reader of the service does. */
async function readThrough(cache: UserCache, userId: string, read: () => Promise<string> | string): Promise<string> {
  const found = await cache.find(userId, 'list', PAGE);
  if (found.state === 'HIT') return found.value;
  const value = await read();
  await found.fill(value);
  return value;
}

const isUp = (cache: UserCache): Promise<boolean> =>
  cache.ping().then(
    () => true,
    () => false,
  );

describe('a user cache', () => {
  let surroundings: Surroundings;
  const open: CacheStore[] = [];

  beforeAll(async () => {
    surroundings = await createSurroundings({ name: 'user-cache', ...(redisUrl !== undefined && { redisUrl }) });
  });
  afterAll(async () => {
    await Promise.all(open.map((store) => store.close()));
    await surroundings.remove();
  });

  async function cacheOn(store: CacheStore): Promise<UserCache> {
    open.push(store);
    const cache = new UserCache(store, loadConfig({ NODE_ENV: 'test', ...surroundings.environment }));
    await eventually(() => isUp(cache));
    return cache;
  }

  describe.each(STORES)('on the %s store', (_, create) => {
    let cache: UserCache;
    let user: string;

    beforeAll(async () => {
      cache = await cacheOn(create());
      user = crypto.randomUUID();
    });

    it('misses first, then hits', async () => {
      await readThrough(cache, user, () => 'Ikiru');

      expect(await cache.find(user, 'list', PAGE)).toEqual({ state: 'HIT', value: 'Ikiru' });
    });

    it('keeps apart what has another name or another user', async () => {
      const [first, second] = [crypto.randomUUID(), crypto.randomUUID()];
      await readThrough(cache, first, () => 'of the first');

      expect(await stateOf(cache, first, '/v1/watchlists/trash?')).toBe('MISS');
      expect(await stateOf(cache, second)).toBe('MISS');
      expect(await cache.find(first, 'list', PAGE)).toEqual({ state: 'HIT', value: 'of the first' });
    });

    it('drops everything of a user and kind for a write, and nothing of anybody else', async () => {
      const [writer, other] = [crypto.randomUUID(), crypto.randomUUID()];
      for (const owner of [writer, other]) await readThrough(cache, owner, () => 'old');
      await cache.invalidate(writer, 'list');

      expect([await stateOf(cache, writer), await stateOf(cache, other)]).toEqual(['MISS', 'HIT']);
    });

    it('drops what a write is about, and keeps what else there is of the user', async () => {
      const owner = crypto.randomUUID();
      for (const kind of ['identity', 'list'] as const) {
        const found = await cache.find(owner, kind, PAGE);
        if (found.state !== 'HIT') await found.fill(kind);
      }
      await cache.invalidate(owner, 'list');

      expect(await cache.find(owner, 'identity', PAGE)).toEqual({ state: 'HIT', value: 'identity' });
      expect(await stateOf(cache, owner)).toBe('MISS');
    });

    it.each(['with a generation', 'without one'])('drops what a slow reader stores after a write, for a user %s', async (kind) => {
      const owner = crypto.randomUUID();
      if (kind === 'with a generation') await cache.invalidate(owner, 'list');
      const slow = await cache.find(owner, 'list', PAGE);
      await cache.invalidate(owner, 'list');
      if (slow.state !== 'HIT') await slow.fill('what was there before the write');

      expect(await stateOf(cache, owner)).toBe('MISS');
    });

    it('drops what a slow reader stores over what a fast one has stored since', async () => {
      const owner = crypto.randomUUID();
      const slow = await cache.find(owner, 'list', PAGE);
      await cache.invalidate(owner, 'list');
      await readThrough(cache, owner, () => 'new');
      if (slow.state !== 'HIT') await slow.fill('old');

      expect(await cache.find(owner, 'list', PAGE)).not.toMatchObject({ value: 'old' });
    });

    it('takes an empty value for one, and no other for it', async () => {
      const owner = crypto.randomUUID();
      await readThrough(cache, owner, () => '');

      expect(await cache.find(owner, 'list', PAGE)).toEqual({ state: 'HIT', value: '' });
    });

    it('is never stale in ten thousand racing reads', async () => {
      const owner = crypto.randomUUID();
      let committed = 0;
      let acknowledged = 0;
      let reads = 0;
      let hits = 0;
      let stale = 0;
      const aMoment = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

      const reading = async (): Promise<void> => {
        while (reads++ < 10_000) {
          await aMoment();
          const expected = acknowledged;
          let hit = true;
          const value = await readThrough(cache, owner, async () => {
            hit = false;
            const seen = committed;
            for (let wait = reads % 4; wait > 0; wait--) await aMoment();
            return String(seen);
          });
          if (hit) hits++;
          if (Number(value) < expected) stale++;
        }
      };
      const writing = async (): Promise<void> => {
        while (reads < 10_000) {
          const version = ++committed;
          await cache.invalidate(owner, 'list');
          acknowledged = version;
          for (let wait = version % 12; wait > 0; wait--) await aMoment();
        }
      };
      await Promise.all([writing(), ...Array.from({ length: 8 }, reading)]);

      expect(stale).toBe(0);
      expect(hits).toBeGreaterThan(100);
      expect(acknowledged).toBeGreaterThan(100);
    }, 60_000);
  });

  it('is a bypass without a store: nothing is kept, nothing fails', async () => {
    const cache = await cacheOn(new NoStore());

    expect(await readThrough(cache, 'user', () => 'Ran')).toBe('Ran');
    await expect(cache.invalidate('user', 'list')).resolves.toBeUndefined();
    expect(await stateOf(cache, 'user')).toBe('BYPASS');
  });

  if (redisUrl !== undefined)
    describe('when Redis fails', () => {
      it('of two processes drops what the other one wrote', async () => {
        const [first, second] = [await cacheOn(new RedisStore(redisUrl)), await cacheOn(new RedisStore(redisUrl))];
        const owner = crypto.randomUUID();
        await readThrough(first, owner, () => 'old');
        expect(await second.find(owner, 'list', PAGE)).toEqual({ state: 'HIT', value: 'old' });
        await second.invalidate(owner, 'list');

        expect(await stateOf(first, owner)).toBe('MISS');
      });

      it.each<[failure: string, fail: (proxy: Proxy) => Promise<void> | void]>([
        ['refuses', (proxy) => proxy.refuse()],
        ['answers nothing', (proxy) => proxy.blackHole()],
      ])(
        'during a write because it %s, bypasses the cache for that user until the write is known, and never serves what was before it',
        async (_, fail) => {
          const proxy = await Proxy.start(redisUrl);
          const cache = await cacheOn(new RedisStore(proxy.url));
          const observer = await cacheOn(new RedisStore(redisUrl));
          const [writer, other] = [crypto.randomUUID(), crypto.randomUUID()];
          for (const owner of [writer, other]) await readThrough(cache, owner, () => 'old');

          await fail(proxy);
          await cache.invalidate(writer, 'list');
          expect(await stateOf(cache, writer)).toBe('BYPASS');
          await proxy.restore();

          const states: CacheState[] = [];
          await eventually(async () => states[states.push(await stateOf(cache, writer)) - 1] !== 'BYPASS');
          expect(states.at(-1)).toBe('MISS');
          expect(await stateOf(observer, writer)).toBe('MISS');
          expect(await stateOf(cache, other)).toBe('HIT');
          await proxy.refuse();
        },
      );
    });
});

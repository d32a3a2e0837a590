// One port, three stores: whatever the rest of the service counts on, each of them keeps.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { CacheStore, CacheUnavailableError } from '../../src/cache/cache-store.js';
import { MemoryStore } from '../../src/cache/memory-store.js';
import { NoStore } from '../../src/cache/no-store.js';
import { RedisStore } from '../../src/cache/redis-store.js';
import { eventually } from '../support/eventually.js';
import { createSurroundings, type Surroundings } from '../support/leg.js';
import { Proxy } from '../support/proxy.js';

const redisUrl = legs.find((leg) => leg.redisUrl !== undefined)?.redisUrl;
const MINUTE = 60_000;

const isUp = (store: CacheStore): Promise<boolean> =>
  store.ping().then(
    () => true,
    () => false,
  );

const KEEPING: [engine: string, create: () => CacheStore][] = [['memory', () => new MemoryStore()]];
if (redisUrl !== undefined) KEEPING.push(['redis', () => new RedisStore(redisUrl)]);

describe.each(KEEPING)('the %s store', (engine, create) => {
  let store: CacheStore;
  let surroundings: Surroundings;
  let key: (name: string) => string;

  beforeAll(async () => {
    surroundings = await createSurroundings({ name: engine, ...(redisUrl !== undefined && { redisUrl }) });
    key = (name) => `${surroundings.environment.REDIS_PREFIX ?? ''}:${name}`;
    store = create();
    await eventually(() => isUp(store));
  });
  afterAll(async () => {
    await store.close();
    await surroundings.remove();
  });

  it('says which engine it is', () => {
    expect(store.engine).toBe(engine);
  });

  it('has nothing of what it was never given', async () => {
    expect(await store.getMany([key('never'), key('ever')])).toEqual([undefined, undefined]);
  });

  it('answers in the order of the keys, each as often as it is asked for', async () => {
    await store.set(key('first'), '1', MINUTE);
    await store.set(key('second'), '2', MINUTE);

    expect(await store.getMany([key('second'), key('none'), key('first'), key('second')])).toEqual(['2', undefined, '1', '2']);
  });

  it('keeps the value that was set last', async () => {
    for (const value of ['a', 'b', 'c']) await store.set(key('again'), value, MINUTE);

    expect(await store.getMany([key('again')])).toEqual(['c']);
  });

  it.each([
    ['an empty text', ''],
    ['text in any script', 'Сталкер – ストーカー – 🎬\u0000\n"quoted"'],
    ['a text that looks like JSON', '{"value":null,"expires":1}'],
    ['a megabyte', 'x'.repeat(1_000_000)],
  ])('keeps %s as it is', async (what, value) => {
    await store.set(key(what), value, MINUTE);

    expect(await store.getMany([key(what)])).toEqual([value]);
  });

  it('forgets a value when its time is over, and not before another one', async () => {
    await store.set(key('brief'), 'gone soon', 50);
    await store.set(key('long'), 'still here', MINUTE);
    await eventually(async () => (await store.getMany([key('brief')]))[0] === undefined);

    expect(await store.getMany([key('long')])).toEqual(['still here']);
  });

  it('gives a value that is set again its time anew', async () => {
    await store.set(key('renewed'), 'old', 50);
    await store.set(key('renewed'), 'new', MINUTE);
    await store.set(key('clock'), 'gone soon', 100);
    await eventually(async () => (await store.getMany([key('clock')]))[0] === undefined);

    expect(await store.getMany([key('renewed')])).toEqual(['new']);
  });

  it('mixes nothing up when two hundred are asked at once', async () => {
    const names = Array.from({ length: 200 }, (_, index) => `many-${index}`);
    // On a busy machine an answer may take longer than a command may: then the store is away for a moment.
    await eventually(async () => {
      await Promise.all(names.map((name) => store.set(key(name), name, MINUTE)));
      const found = await Promise.all(names.map((name) => store.getMany([key(name), key(`${name}-not`)])));

      expect(found).toEqual(names.map((name) => [name, undefined]));
    });
  });

  it('forgets what only this process knows, and nothing else', async () => {
    await store.set(key('shared'), 'x', MINUTE);
    store.forgetLocal();

    expect(await store.getMany([key('shared')])).toEqual([engine === 'redis' ? 'x' : undefined]);
  });
});

describe('the memory store', () => {
  it('stays within its bytes: what was used least recently goes first', async () => {
    const store = new MemoryStore();
    const large = 'x'.repeat(1_000_000);
    for (let index = 0; index < 40; index++) {
      await store.set(`entry-${index}`, large, MINUTE);
      await store.getMany(['entry-0']);
    }
    const kept = await store.getMany(Array.from({ length: 40 }, (_, index) => `entry-${index}`));

    expect([kept[0], kept[1], kept[39]]).toEqual([large, undefined, large]);
    expect(kept.filter((value) => value !== undefined).length * 2_000_000).toBeLessThanOrEqual(64 * 1024 * 1024);
    await store.close();
  });
});

describe('no store', () => {
  it('keeps nothing, says so, and is well', async () => {
    const store = new NoStore();

    expect(store.engine).toBe('none');
    await expect(store.getMany()).rejects.toThrow(CacheUnavailableError);
    await expect(store.set()).rejects.toThrow(CacheUnavailableError);
    await expect(store.ping()).resolves.toBeUndefined();
    await store.close();
  });
});

if (redisUrl !== undefined)
  describe('the redis store when Redis fails', () => {
    let proxy: Proxy;
    let store: RedisStore;

    beforeAll(async () => {
      proxy = await Proxy.start(redisUrl);
      store = new RedisStore(proxy.url);
    });
    afterEach(async () => {
      await proxy.restore();
      await eventually(() => isUp(store));
    });
    afterAll(async () => {
      await store.close();
      await proxy.refuse();
    });

    it.each<[failure: string, fail: () => Promise<void> | void]>([
      ['refuses', () => proxy.refuse()],
      ['answers nothing', () => proxy.blackHole()],
      ['is too slow', () => proxy.delay(2_000)],
    ])('is unavailable within a bounded time, and then at once, when it %s', async (_, fail) => {
      await eventually(() => isUp(store));
      await fail();
      await expect(store.getMany(['a'])).rejects.toThrow(CacheUnavailableError);
      const start = performance.now();
      for (let call = 0; call < 20; call++) await expect(store.set('a', 'b', MINUTE)).rejects.toThrow(CacheUnavailableError);

      expect(performance.now() - start).toBeLessThan(1_000);
    });

    it('comes back by itself', async () => {
      await proxy.refuse();
      await expect(store.ping()).rejects.toThrow(CacheUnavailableError);
      await proxy.restore();
      await eventually(() => isUp(store));

      await expect(store.getMany(['a'])).resolves.toEqual([undefined]);
    });

    it('is unavailable, and is no error, where there never was a Redis', async () => {
      const lonely = new RedisStore('redis://127.0.0.1:1');

      await expect(lonely.getMany(['a'])).rejects.toThrow(CacheUnavailableError);
      await expect(lonely.ping()).rejects.toThrow(CacheUnavailableError);
      await lonely.close();
    });
  });

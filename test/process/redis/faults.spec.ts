// Redis refused, silent, reset, slow or cut, at the start and in flight: every answer comes from the database and is right.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { User } from '../../support/accounts.js';
import { BuiltService } from '../../support/built-service.js';
import type { Answer } from '../../support/http.js';
import { addFilm, ITEMS, LIST } from '../../support/items.js';
import { createSurroundings, type Surroundings } from '../../support/leg.js';
import { Proxy } from '../../support/proxy.js';
import { eventually } from '../../support/eventually.js';
import { timed } from '../../support/timing.js';

/** A hang, not the 200 ms that one request may wait: those are a figure, and this machine may be busy. */
const HANGS_MS = 3_000;

describe.each(legs.filter(({ redisUrl }) => redisUrl !== undefined))('the service on $name when Redis fails', (leg) => {
  let surroundings: Surroundings;
  let proxy: Proxy;
  let service: BuiltService;
  let user: User;

  beforeAll(async () => {
    surroundings = await createSurroundings(leg);
    proxy = await Proxy.start(leg.redisUrl ?? '');
    service = await BuiltService.start({ ...surroundings.environment, REDIS_URL: proxy.url });
    user = await service.newUser();
  });
  afterEach(async () => {
    await proxy.restore();
    await eventually(expectInUse);
  });
  afterAll(async () => {
    await BuiltService.endAll();
    await proxy.refuse();
    await surroundings.remove();
  });

  const stateOf = (answer: Answer): string | null => answer.headers.get('x-cache');

  async function expectInUse(): Promise<void> {
    await user.get(LIST);
    expect(stateOf(await user.get(LIST))).toBe('HIT');
    expect((await service.get('/health/detailed')).body.status).toBe('ok');
  }

  /** Reads and writes go on, are right, and do not hang. */
  async function expectService(): Promise<void> {
    const item = await addFilm(user);
    for (const answer of [timed(user.get(LIST)), timed(user.get(`${ITEMS}/${item.id}`)), timed(user.get('/v1/auth/me'))]) {
      const { result, ms } = await answer;
      expect(result.status).toBe(200);
      expect(ms).toBeLessThan(HANGS_MS);
    }
    const list = await user.get(LIST);
    expect([stateOf(list), list.body.items[0].id]).toEqual(['BYPASS', item.id]);
  }

  async function expectDegraded(): Promise<void> {
    await eventually(async () => {
      const { status, body } = await service.get('/health/detailed');
      expect([status, body.status, body.checks.cache.status]).toEqual([200, 'degraded', 'down']);
    });
  }

  it.each<[fault: string, fail: () => unknown]>([
    ['refused', () => proxy.refuse()],
    ['black-holed', () => proxy.blackHole()],
    ['slow', () => proxy.delay(400)],
  ])('%s in flight: bypassed, degraded, and back by itself with nothing stale', async (_, fail) => {
    await expectInUse();
    await fail();
    await expectService();
    await expectService();
    await expectDegraded();
    const item = await addFilm(user);

    await proxy.restore();
    await eventually(async () => {
      const list = await user.get(LIST);
      // Whatever it comes from, it shows the last write.
      expect(list.body.items[0].id).toBe(item.id);
      expect(stateOf(list)).toBe('HIT');
    });
  });

  it.each(['reset', 'cut'] as const)('connections %s again and again: no error, nothing stale', async (fault) => {
    for (let round = 0; round < 20; round++) {
      const [added] = await Promise.all([addFilm(user), user.get(LIST), user.get('/v1/auth/me')]);
      proxy[fault]();
      const list = await user.get(LIST);

      expect([list.status, list.body.items[0].id]).toEqual([200, added.id]);
    }
  });

  it('away at the start: it starts, works, and uses Redis once it is there', async () => {
    await proxy.refuse();
    const late = await BuiltService.start({ ...surroundings.environment, REDIS_URL: proxy.url });
    const there = user.at(late.url);
    expect(stateOf(await there.get(LIST))).toBe('BYPASS');
    expect((await late.get('/health/detailed')).body.status).toBe('degraded');

    await proxy.restore();
    await eventually(async () => {
      await there.get(LIST);
      expect(stateOf(await there.get(LIST))).toBe('HIT');
    });
    await late.kill();
  });

  it('away: guessing passwords still has an end', async () => {
    await proxy.refuse();
    const victim = `${crypto.randomUUID()}@example.org`;
    await service.post('/v1/auth/register', { email: victim, password: 'correct horse battery' });
    const statuses: number[] = [];
    for (let guess = 0; guess < 40 && !statuses.includes(429); guess++)
      statuses.push((await service.post('/v1/auth/login', { email: victim, password: `guess ${guess}` })).status);

    expect(statuses.at(-1)).toBe(429);
    expect(statuses.slice(0, -1).every((status) => status === 401)).toBe(true);
  });
});

// One of two replicas loses its way to Redis, the other does not: it writes what the other one cannot be told at once.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BuiltService } from '../../support/built-service.js';
import { addFilm, LIST } from '../../support/items.js';
import { createSurroundings, type Surroundings } from '../../support/leg.js';
import { Proxy } from '../../support/proxy.js';
import { eventually } from '../../support/eventually.js';

describe('a replica that alone is cut off from Redis', () => {
  let surroundings: Surroundings;
  let proxy: Proxy;
  let here: BuiltService;
  let there: BuiltService;

  beforeAll(async () => {
    const leg = legs.find(({ name }) => name === 'postgres+redis') ?? { name: 'none' };
    surroundings = await createSurroundings(leg);
    proxy = await Proxy.start(leg.redisUrl ?? '');
    [here, there] = await Promise.all([
      BuiltService.start({ ...surroundings.environment, REDIS_URL: proxy.url }),
      BuiltService.start(surroundings.environment),
    ]);
  });
  afterAll(async () => {
    await BuiltService.endAll();
    await proxy.refuse();
    await surroundings.remove();
  });

  it('shows its own writes at once, and the other one shows them as soon as Redis is back, though nobody asks here again', async () => {
    const user = await here.newUser();
    const reader = user.at(there.url);
    await addFilm(user);
    await reader.get(LIST);
    expect((await reader.get(LIST)).headers.get('x-cache')).toBe('HIT');

    await proxy.refuse();
    const written = await addFilm(user);
    const own = await user.get(LIST);
    expect([own.headers.get('x-cache'), own.body.items[0].id]).toEqual(['BYPASS', written.id]);

    await proxy.restore();
    await eventually(async () => {
      expect((await reader.get(LIST)).body.items[0].id).toBe(written.id);
    });
  });
});

// A client that never heard what became of its request asks again with the same key, though the service was killed in between:
// everything is done, and nothing twice.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { User } from '../support/accounts.js';
import { BuiltService } from '../support/built-service.js';
import { eventually } from '../support/eventually.js';
import type { Answer, Json } from '../support/http.js';
import { idempotent, ITEMS, LIST } from '../support/items.js';
import { createSurroundings, type Surroundings } from '../support/leg.js';
import { Proxy } from '../support/proxy.js';

/** How many requests are left without an answer; more by hand: `RETRIES=1000 npm test -- retries`. */
const RETRIES = Number(process.env.RETRIES ?? 40);
const AT_ONCE = 20;

describe.each(legs.filter(({ redisUrl }) => redisUrl === undefined))('a service on $name that is killed before it answers', (leg) => {
  let surroundings: Surroundings;

  beforeAll(async () => {
    surroundings = await createSurroundings(leg);
  });
  afterAll(async () => {
    await BuiltService.endAll();
    await surroundings.remove();
  });

  const start = (): Promise<BuiltService> =>
    BuiltService.start({ ...surroundings.environment, RATE_LIMIT: 'off', LOG_LEVEL: 'warn', JWT_SECRET: 'x'.repeat(32) });
  /** @returns nothing when no answer came */
  const add = (user: User, title: string): Promise<Answer | undefined> =>
    user.post(ITEMS, { title, media_type: 'movie', notes: title }, idempotent(`key of ${title}`)).catch(() => undefined);
  const itemsOf = async (user: User): Promise<Json[]> => (await user.get(`${LIST}?limit=100`)).body.items;

  it(
    `adds each of the ${RETRIES} items whose answer was lost once, when asked again`,
    async () => {
      let service = await start();
      for (let round = 0; round * AT_ONCE < RETRIES; round++) {
        let user = await service.newUser();
        const deaf = await Proxy.start(service.url);
        deaf.mute();
        const titles = Array.from({ length: AT_ONCE }, (_, n) => `Round ${round}, film ${n}`);
        const asked = titles.map((title) => add(user.at(new URL(deaf.url).origin), title));
        // Some are carried out and stay without an answer, others are cut off at any point before.
        let carriedOut: Json[] = [];
        await eventually(async () => {
          carriedOut = await itemsOf(user);
          expect(carriedOut.length).toBeGreaterThan((round * 7) % AT_ONCE);
        });
        await service.kill('SIGKILL');
        await deaf.refuse();
        expect(await Promise.all(asked)).toEqual(titles.map(() => undefined));

        service = await start();
        user = user.at(service.url);
        const again = await Promise.all(titles.map((title) => add(user, title)));
        expect(again.map((answer) => answer?.status)).toEqual(titles.map(() => 201));
        const replayed = again.filter((answer) => answer?.headers.get('idempotency-replayed') === 'true').map((answer) => answer?.body.id);
        expect(replayed).toEqual(expect.arrayContaining(carriedOut.map(({ id }) => id)));
        const kept = (await itemsOf(user)).map(({ title }) => title as string);
        expect(kept).toHaveLength(AT_ONCE);
        expect(new Set(kept)).toEqual(new Set(titles));
      }
    },
    60_000 + RETRIES * 1_500,
  );
});

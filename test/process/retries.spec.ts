// A client that never heard what became of its request asks again with the same key, though the service was killed in between:
// everything is done, and nothing twice.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { User } from '../support/accounts.js';
import { BuiltService } from '../support/built-service.js';
import { idempotent, ITEMS } from '../support/items.js';
import { createSurroundings, type Surroundings } from '../support/leg.js';

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
  const add = (user: User, title: string) =>
    user.post(ITEMS, { title, media_type: 'movie', notes: title }, idempotent(`key of ${title}`)).catch(() => undefined);

  it(
    `adds each of the ${RETRIES} items whose answer was lost once, when asked again`,
    async () => {
      let service = await start();
      let user = await service.newUser();
      const unknown: string[] = [];
      let done = 0;
      for (let round = 0; unknown.length < RETRIES; round++) {
        const titles = Array.from({ length: AT_ONCE }, (_, n) => `Round ${round}, film ${n}`);
        const asked = titles.map((title) => add(user, title));
        // Somewhere between the first effect and the last answer.
        await Promise.race(asked);
        await service.kill('SIGKILL');
        const answers = await Promise.all(asked);
        unknown.push(...titles.filter((_, n) => answers[n] === undefined));
        done += answers.filter((answer) => answer?.status === 201).length;

        service = await start();
        user = user.at(service.url);
        for (const title of titles) expect((await add(user, title))?.status).toBe(201);
      }

      const { body } = await user.get('/v1/watchlists?limit=1');
      expect(body.total).toBe(done + unknown.length);
    },
    60_000 + RETRIES * 1_500,
  );
});

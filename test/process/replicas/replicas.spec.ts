// Two processes on one PostgreSQL and one Redis: what one does, the other knows with its very next request.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PASSWORD, type User } from '../../support/accounts.js';
import { BuiltService } from '../../support/built-service.js';
import { addFilm, film, idempotent, ITEMS, LIST } from '../../support/items.js';
import { createSurroundings, type Surroundings } from '../../support/leg.js';

/** More by hand: `READS=10000 npm test -- replicas`. */
const READS = Number(process.env.READS ?? 1_000);
const READERS = 4;
const ADMIN = 'admin@example.org';

describe('two replicas', () => {
  let surroundings: Surroundings;
  let here: BuiltService;
  let there: BuiltService;
  let admin: User;

  beforeAll(async () => {
    surroundings = await createSurroundings(legs.find(({ name }) => name === 'postgres+redis') ?? { name: 'none' });
    const environment = { ...surroundings.environment, RATE_LIMIT: 'off', ADMIN_EMAIL: ADMIN, ADMIN_PASSWORD: PASSWORD };
    // At once: the migrations and the first administrator are made by one of them.
    [here, there] = await Promise.all([BuiltService.start(environment), BuiltService.start(environment)]);
    admin = await here.logIn(ADMIN);
  });
  afterAll(async () => {
    await BuiltService.endAll();
    await surroundings.remove();
  });

  it(
    `show a write on one to every read on the other that starts after it: none stale of ${READS}`,
    async () => {
      const user = await here.newUser();
      const [reader, item] = [user.at(there.url), await addFilm(user)];
      let acknowledged = 0;
      let [stale, reads, hits, writing] = [0, 0, 0, true];
      const write = async (): Promise<void> => {
        for (let rating = 1; writing; rating = (rating % 20) + 1) {
          const { body } = await user.patch(`${ITEMS}/${item.id}`, { rating: rating / 2 });
          acknowledged = Math.max(acknowledged, body.version);
        }
      };
      const read = async (): Promise<void> => {
        while (reads < READS) {
          reads++;
          const atLeast = acknowledged;
          const answer = await reader.get(LIST);
          if (answer.body.items[0].version < atLeast) stale++;
          if (answer.headers.get('x-cache') === 'HIT') hits++;
        }
      };
      const writer = write();
      await Promise.all(Array.from({ length: READERS }, read));
      writing = false;
      await writer;

      expect(stale).toBe(0);
      expect(acknowledged).toBeGreaterThan(READS / 100);
      // A cache that is never used is never stale.
      expect(hits).toBeGreaterThan(0);
    },
    30_000 + READS * 30,
  );

  it('end a session, a role and an account at once on both', async () => {
    const user = await here.newUser();
    const reader = user.at(there.url);
    const asAdmin = (id: string, change: object) => admin.patch(`/v1/users/${id}`, change);
    expect((await reader.get(LIST)).status).toBe(200);

    await asAdmin(user.id, { role: 'admin' });
    expect((await reader.get('/v1/users')).status).toBe(200);
    await asAdmin(user.id, { role: 'user' });
    expect((await reader.get('/v1/users')).status).toBe(403);

    await asAdmin(user.id, { disabled: true });
    expect((await reader.get(LIST)).status).toBe(401);
    await asAdmin(user.id, { disabled: false });
    const again = await there.logIn(user.email);
    expect((await again.at(here.url).get(LIST)).status).toBe(200);
    await again.post('/v1/auth/logout');
    expect((await again.at(here.url).get(LIST)).status).toBe(401);
  });

  it('carry out a request with the same key once, whichever is asked', async () => {
    const user = await here.newUser();
    for (let round = 0; round < 20; round++) {
      const body = film();
      const ask = (client: User) => client.post(ITEMS, body, idempotent(`round ${round}`));
      const answers = await Promise.all([ask(user), ask(user.at(there.url))]);
      const made = answers.filter(({ status, headers }) => status === 201 && headers.get('idempotency-replayed') === null);

      expect(made.length).toBe(1);
      for (const answer of answers) expect([201, 409]).toContain(answer.status);
      expect((await ask(user.at(there.url))).text).toBe(made[0]?.text);
    }
    expect((await user.get(LIST)).body.total).toBe(20);
  });
});

// The built service killed without warning while it writes: what was acknowledged is there with its audit entry, and nothing else is.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PASSWORD, type User } from '../support/accounts.js';
import { provenEntries } from '../support/audit-trail.js';
import { BuiltService } from '../support/built-service.js';
import { eventually } from '../support/eventually.js';
import type { Json } from '../support/http.js';
import { LIST } from '../support/items.js';
import { createSurroundings, type Surroundings } from '../support/leg.js';
import { WriteLoad } from '../support/write-load.js';

/** How often it is killed; more often by hand: `CRASHES=20 npm test -- crash`. */
const CRASHES = Number(process.env.CRASHES ?? 3);
const WRITES_BEFORE_EACH = 40;

describe('the service, used, killed and started again', () => {
  it('has everything it had, and a secret that nobody else can read', async () => {
    const surroundings = await createSurroundings({ name: 'sqlite' });
    const first = await BuiltService.start(surroundings.environment);
    const user = await first.newUser();
    await user.post('/v1/watchlists/items', { title: 'Dune', media_type: 'movie' });
    const list = await user.get(LIST);
    await first.kill('SIGKILL');

    const second = await BuiltService.start(surroundings.environment);
    expect((await user.at(second.url).get(LIST)).text).toBe(list.text);
    expect((await second.logIn(user.email, PASSWORD)).id).toBe(user.id);
    expect(statSync(join(surroundings.dataDir, 'jwt-secret')).mode & 0o777).toBe(0o600);
    await second.kill();
    await surroundings.remove();
  });
});

describe.each(legs.filter(({ redisUrl }) => redisUrl === undefined))('a service on $name that is killed while it writes', (leg) => {
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

  async function everything(user: User, path: string): Promise<Json[]> {
    const all: Json[] = [];
    for (let next: string | null = `${path}?limit=100`; next !== null;) {
      const { body } = await user.get(next);
      all.push(...body.items);
      next = body.next_cursor === null ? null : `${path}?limit=100&cursor=${body.next_cursor}`;
    }
    return all;
  }

  it(
    'loses nothing it acknowledged, invents nothing, and has an entry for each',
    async () => {
      const [acknowledged, unknown] = [new Set<string>(), new Set<string>()];
      let service = await start();
      let user = await service.newUser();
      for (let crash = 0; crash < CRASHES; crash++) {
        const load = new WriteLoad(user, 8, `crash ${crash}`);
        await load.reached(WRITES_BEFORE_EACH);
        await service.kill('SIGKILL');
        await load.stop();
        for (const title of load.acknowledged) acknowledged.add(title);
        for (const title of load.unknown) unknown.add(title);
        service = await start();
        user = user.at(service.url);
      }

      const items = await everything(user, LIST);
      const titles = new Set(items.map(({ title }) => title));
      expect([...acknowledged].filter((title) => !titles.has(title))).toEqual([]);
      expect([...titles].filter((title) => !acknowledged.has(title) && !unknown.has(title))).toEqual([]);

      const entries = await everything(user, '/v1/audit/me');
      const added = entries.filter(({ action }) => action === 'item.added').map(({ target_id }) => target_id);
      expect(added).toHaveLength(items.length);
      expect(new Set(added)).toEqual(new Set(items.map(({ id }) => id)));

      // The copy in audit.log is whole as well, each entry in it once.
      await eventually(
        () =>
          provenEntries(join(surroundings.dataDir, 'audit.log')).filter(({ action }) => action === 'item.added').length === added.length,
      );
    },
    30_000 + CRASHES * 10_000,
  );
});

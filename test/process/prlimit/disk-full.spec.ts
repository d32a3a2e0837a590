// A full disk, for the service alone: no file of it may grow any more, nor be written again. It reads on, refuses writes as for now,
// and goes on by itself when there is room.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { provenEntries } from '../../support/audit-trail.js';
import { BuiltService } from '../../support/built-service.js';
import { eventually } from '../../support/eventually.js';
import { addFilm, film, ITEMS, LIST } from '../../support/items.js';
import { createSurroundings, type Surroundings } from '../../support/leg.js';

const ROUNDS = 3;

describe('a service on SQLite when its disk is full', () => {
  let surroundings: Surroundings;

  beforeAll(async () => {
    surroundings = await createSurroundings({ name: 'sqlite' });
  });
  afterAll(async () => {
    await BuiltService.endAll();
    await surroundings.remove();
  });

  /** The soft limit only: the hard one stays, so that it can be raised again by anybody. */
  function limitFiles(service: BuiltService, bytes: number | 'unlimited'): void {
    execFileSync('prlimit', ['--pid', String(service.pid), `--fsize=${bytes}:`]);
  }

  it('answers writes with 503 and reads with 200, and writes again when there is room', async () => {
    const service = await BuiltService.start(surroundings.environment);
    const user = await service.newUser();
    const kept = [(await addFilm(user)).id];

    for (let round = 0; round < ROUNDS; round++) {
      limitFiles(service, 0);
      // Together, as they would share a commit, and one after the other.
      const refused = await Promise.all(Array.from({ length: 5 }, () => user.post(ITEMS, film())));
      refused.push(await user.patch(`${ITEMS}/${kept[0]}`, { rating: 1 }), await user.delete(`${ITEMS}/${kept[0]}`));
      for (const answer of refused) {
        expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' } });
        expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      }
      for (const path of [LIST, `${LIST}?limit=${round + 1}`, `${ITEMS}/${kept[0]}`, '/v1/auth/me', '/health', '/health/detailed'])
        expect((await user.get(path)).status).toBe(200);

      limitFiles(service, 'unlimited');
      kept.unshift((await addFilm(user)).id);
      expect((await user.get(LIST)).body.items.map(({ id }: { id: string }) => id)).toEqual(kept);
    }

    // The trail and its copy have exactly what was written.
    const log = join(surroundings.dataDir, 'audit.log');
    await eventually(() => provenEntries(log).filter(({ action }) => action === 'item.added').length === kept.length);
    expect((await service.kill()).code).toBe(0);
    const again = await BuiltService.start(surroundings.environment);
    expect((await user.at(again.url).get(LIST)).body.total).toBe(kept.length);
  });
});

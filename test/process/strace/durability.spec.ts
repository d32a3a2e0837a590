// A write on SQLite is on the disk before it is acknowledged. A kill does not show it, for the page cache survives; the system calls do.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BuiltService } from '../../support/built-service.js';
import { eventually } from '../../support/eventually.js';
import { addFilm, ITEMS } from '../../support/items.js';
import { createSurroundings, type Surroundings } from '../../support/leg.js';

const WRITES = 20;
/** What one thread did to the write-ahead log and to its callers, in order. */
const EVENTS: readonly (readonly [event: string, line: RegExp])[] = [
  ['request', /^read\(.*"(POST|PATCH|DELETE) \/v1\/watchlists\/items/],
  ['log', /^pwrite64\(.*\/watchlist\.db-wal>/],
  ['sync', /^f(data)?sync\(.*\/watchlist\.db-wal>\) += 0/],
  ['answer', /^writev?\(.*"HTTP\/1\.1 20[014] /],
];

describe('a service on SQLite whose system calls are watched', () => {
  let surroundings: Surroundings;

  beforeAll(async () => {
    surroundings = await createSurroundings({ name: 'sqlite' });
  });
  afterAll(async () => {
    await BuiltService.endAll();
    await surroundings.remove();
  });

  function eventsOf(thread: number): string[] {
    return readFileSync(join(surroundings.dataDir, `calls.${thread}`), 'utf8')
      .split('\n')
      .flatMap((line) => EVENTS.find(([, pattern]) => pattern.test(line))?.[0] ?? []);
  }

  it('syncs its log after the last byte of a write and before the answer to it', async () => {
    const calls = ['-e', 'trace=read,write,writev,pwrite64,fsync,fdatasync', '-s', '64', '-y', '-o', join(surroundings.dataDir, 'calls')];
    // -D: the service remains the child that is killed; -ff: a file for each thread, in the order of its calls.
    const service = await BuiltService.start(surroundings.environment, ['strace', '-D', '-ff', '--seccomp-bpf', ...calls]);
    const user = await service.newUser();
    for (let n = 0; n < WRITES; n++) {
      const { id } = await addFilm(user);
      await user.patch(`${ITEMS}/${id}`, { rating: 8 });
      await user.delete(`${ITEMS}/${id}`);
    }
    await service.kill();
    await eventually(() => eventsOf(service.pid).filter((event) => event === 'request').length === 3 * WRITES);

    // Of what lies between each request and its answer, the log's last event is that it was synced.
    const between = eventsOf(service.pid).join(' ').split('request ').slice(1);
    expect(between).toHaveLength(3 * WRITES);
    for (const events of between) expect(events).toMatch(/^(log )+sync (log |sync )*?answer/);
    for (const events of between) expect(events).not.toMatch(/log answer/);
  });
});

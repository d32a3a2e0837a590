import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { BuiltService, runBuilt } from '../../support/built-service.js';
import { createSurroundings, type Environment, type Surroundings } from '../../support/leg.js';
import { Proxy } from '../../support/proxy.js';
import { timed } from '../../support/timing.js';

const PATIENCE_MS = 30_000;

describe('starting on PostgreSQL', () => {
  let surroundings: Surroundings;
  let proxy: Proxy;
  let environment: Environment;

  beforeAll(async () => {
    surroundings = await createSurroundings(legs.find(({ name }) => name === 'postgres') ?? { name: 'none' });
    proxy = await Proxy.start(surroundings.environment.DATABASE_URL ?? '');
    environment = { ...surroundings.environment, DATABASE_URL: proxy.url };
  });
  afterEach(() => BuiltService.endAll());
  afterAll(async () => {
    await proxy.refuse();
    await surroundings.remove();
  });

  it('three replicas at once on an empty database: all start, each migration ran once', async () => {
    const replicas = await Promise.all(Array.from({ length: 3 }, () => BuiltService.start(environment)));
    for (const replica of replicas) expect((await replica.get('/health/detailed')).body.status).toBe('ok');

    const database = await surroundings.connect();
    const { rows } = await database.query<{ name: string; times: string }>('SELECT name, count(*) AS times FROM migrations GROUP BY name');
    await database.end();
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every(({ times }) => times === '1')).toBe(true);
  });

  it('waits for a replica that is still migrating, longer than any request may take', async () => {
    const database = await surroundings.connect();
    await database.query('BEGIN; SELECT pg_advisory_xact_lock(7291004)');
    const starting = timed(BuiltService.start(environment));
    await pause(5_000);
    await database.end();

    const { result, ms } = await starting;
    expect(ms).toBeGreaterThan(5_000);
    expect((await result.get('/health/detailed')).body.status).toBe('ok');
  });

  it('waits for a database that comes up later', async () => {
    await proxy.refuse();
    const starting = BuiltService.start(environment);
    await pause(3_000);
    await proxy.restore();

    expect((await (await starting).get('/health/detailed')).body.status).toBe('ok');
  });

  it.each([
    ['an unknown user', (url: URL) => (url.username = 'watchlist_nobody')],
    ['an unknown database', (url: URL) => (url.pathname = '/watchlist_nowhere')],
  ])('%s: ends at once, with one line', async (_case, change) => {
    const url = new URL(surroundings.environment.DATABASE_URL ?? '');
    change(url);
    const { result, ms } = await timed(runBuilt('main', [], { ...environment, DATABASE_URL: url.href }));

    expect(result).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^Watchlist could not start: .*watchlist_no.*\n$/) });
    expect(ms).toBeLessThan(PATIENCE_MS / 2);
  });

  it(
    'a database that refuses or does not answer: gives up after half a minute, with one line and exit code 1',
    async () => {
      const silent = await Proxy.start(surroundings.environment.DATABASE_URL ?? '');
      silent.blackHole();
      await proxy.refuse();
      const outcomes = await Promise.all(
        [proxy.url, silent.url].map((url) => timed(runBuilt('main', [], { ...environment, DATABASE_URL: url }, 2 * PATIENCE_MS))),
      );

      for (const { result, ms } of outcomes) {
        const reason = expect.stringMatching(/^Watchlist could not start: The database is unavailable \(.+\)\n$/);
        expect(result).toMatchObject({ code: 1, stdout: '', stderr: reason });
        expect(ms).toBeGreaterThan(PATIENCE_MS);
        // The start of the process itself takes longer on a busy machine.
        expect(ms).toBeLessThan(PATIENCE_MS * 1.5);
      }
      await silent.refuse();
    },
    2 * PATIENCE_MS,
  );
});

// From a laptop's SQLite file to PostgreSQL: nothing is lost, nothing is mixed up, and nothing is left behind when it fails.
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Sqlite from 'better-sqlite3';
import type { Client } from 'pg';
import { PASSWORD, type User } from '../../support/accounts.js';
import { provenEntries } from '../../support/audit-trail.js';
import { BuiltService, runBuilt } from '../../support/built-service.js';
import { createSurroundings, type Surroundings } from '../../support/leg.js';
import { eventually } from '../../support/eventually.js';

const ITEMS = '/v1/watchlists/items';
const TABLES = ['audit_entries', 'idempotency_keys', 'personal_access_tokens', 'sessions', 'users', 'watchlist_items'];

describe('npm run transfer', () => {
  let small: Surroundings;
  let large: Surroundings;
  let target: Client;

  beforeEach(async () => {
    [small, large] = await Promise.all([
      createSurroundings({ name: 'sqlite' }),
      createSurroundings(legs.find(({ name }) => name === 'postgres') ?? { name: 'none' }),
    ]);
    target = await large.connect();
  });
  afterEach(async () => {
    await BuiltService.endAll();
    await target.end();
    await Promise.all([small.remove(), large.remove()]);
  });

  const file = (): string => join(small.dataDir, 'watchlist.db');
  const run = (...args: string[]) => runBuilt('cli/transfer', args, { DATA_DIR: small.dataDir });
  const transfer = () => run('--from', file(), '--to', large.environment.DATABASE_URL ?? '');

  /** Something of every kind: items on the list and in the trash, a token, a session, a stored answer. */
  async function fill(service: BuiltService): Promise<{ user: User; token: string }> {
    const user = await service.newUser();
    const titles = ['Dune', 'Amélie', '花様年華', '🎬 “quoted” \\ back', "O'Brother"];
    const added = await Promise.all(
      titles.map((title, n) =>
        user.post(
          ITEMS,
          { title, media_type: 'movie', year: 1990 + n, rating: 8.5, notes: 'a\nb' },
          { headers: { 'Idempotency-Key': `key ${n}` } },
        ),
      ),
    );
    await user.delete(`${ITEMS}/${added[1]?.body.id}`);
    const { body } = await user.post('/v1/auth/tokens', { name: 'A script', scopes: ['read'] });
    return { user, token: body.token };
  }

  /** The rows of every table in SQLite, in the order of their ids. */
  function sourceRows(): Record<string, unknown[]> {
    const database = new Sqlite(file(), { readonly: true });
    const rows = Object.fromEntries(TABLES.map((table) => [table, database.prepare(`SELECT * FROM ${table} ORDER BY id`).all()]));
    database.close();
    return rows;
  }

  async function targetRows(): Promise<Record<string, unknown[]>> {
    const rows: [string, unknown[]][] = [];
    for (const table of TABLES) rows.push([table, (await target.query(`SELECT * FROM ${table} ORDER BY id`)).rows]);
    return Object.fromEntries(rows);
  }

  it('takes everything along, and whoever was logged in goes on', async () => {
    const before = await BuiltService.start(small.environment);
    const { user, token } = await fill(before);
    const list = await user.get('/v1/watchlists?sort=title');
    await before.kill();

    const { code, stdout } = await transfer();
    expect(code).toBe(0);
    expect(stdout).toMatch(/^watchlist_items +5 +sha256 [0-9a-f]{64}$/m);
    expect(await targetRows()).toEqual(sourceRows());

    const after = await BuiltService.start({ ...small.environment, DATABASE_URL: large.environment.DATABASE_URL ?? '' });
    const same = user.at(after.url);
    expect((await same.get('/v1/watchlists?sort=title')).text).toBe(list.text);
    expect((await after.logIn(user.email, PASSWORD)).id).toBe(user.id);
    expect((await after.get('/v1/watchlists', { token })).status).toBe(200);
    const replay = await same.post(
      ITEMS,
      { title: 'Dune', media_type: 'movie', year: 1990, rating: 8.5, notes: 'a\nb' },
      { headers: { 'Idempotency-Key': 'key 0' } },
    );
    expect([replay.status, replay.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
    // The log goes on where it was, without a line twice.
    await eventually(async () => {
      const entries = provenEntries(join(small.dataDir, 'audit.log'));
      expect(entries).toHaveLength(Number((await target.query('SELECT count(*) FROM audit_entries')).rows[0].count));
    });
  });

  it('does not add to a database in which there is something', async () => {
    const service = await BuiltService.start(small.environment);
    await fill(service);
    await service.kill();
    expect((await transfer()).code).toBe(0);
    const once = await targetRows();

    const again = await transfer();

    expect(again).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^The target is not empty: there are rows in \w+\n$/),
    });
    expect(await targetRows()).toEqual(once);
  });

  it('leaves nothing behind when it fails on the way', async () => {
    const service = await BuiltService.start(small.environment);
    await fill(service);
    await service.kill();
    // The tables are made by the first transfer, which then has nothing to put in them.
    await (await BuiltService.start({ ...small.environment, DATABASE_URL: large.environment.DATABASE_URL ?? '' })).kill();
    await target.query(`ALTER TABLE watchlist_items ADD CONSTRAINT no_dune CHECK (title <> 'Dune')`);

    const failed = await transfer();

    expect(failed).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('no_dune') });
    expect(Object.values(await targetRows()).flat()).toEqual([]);
    await target.query('ALTER TABLE watchlist_items DROP CONSTRAINT no_dune');
    expect((await transfer()).code).toBe(0);
    expect(await targetRows()).toEqual(sourceRows());
  });

  it('does not run beside the service', async () => {
    const service = await BuiltService.start(small.environment);
    await fill(service);

    expect(await transfer()).toMatchObject({ code: 1, stderr: 'The service still runs on this file: stop it first\n' });
    expect((await service.get('/health/detailed')).status).toBe(200);
  });

  it.each<[what: string, args: (url: string) => string[], code: number, stderr: RegExp]>([
    ['nothing', () => [], 2, /^Usage: /],
    ['no target', () => ['--from', file()], 2, /^Usage: /],
    ['a target that is no PostgreSQL', () => ['--from', file(), '--to', 'mysql://localhost/x'], 2, /^Usage: /],
    ['an unknown option', (url) => ['--from', file(), '--to', url, '--force'], 2, /^Usage: /],
    [
      'a file that is not there',
      (url) => ['--from', '/nowhere/watchlist.db', '--to', url],
      1,
      /^There is no file \/nowhere\/watchlist.db\n$/,
    ],
    ['a file that is none of ours', (url) => ['--from', process.execPath, '--to', url], 1, /not a database/],
  ])('called with %s: one clear answer', async (_, args, code, stderr) => {
    const result = await run(...args(large.environment.DATABASE_URL ?? ''));

    expect(result).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(stderr) });
  });

  it('says so when the target cannot be reached', async () => {
    await (await BuiltService.start(small.environment)).kill();

    const result = await run('--from', file(), '--to', 'postgres://postgres@127.0.0.1:1/x');

    expect(result).toMatchObject({ code: 1, stderr: expect.stringMatching(/^The target cannot be reached: .*ECONNREFUSED/) });
  });
});

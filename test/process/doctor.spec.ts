// The doctor finds what is wrong, says it in plain words, and ends with a code that a script can read.
import { chmodSync, existsSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import Sqlite from 'better-sqlite3';
import { BuiltService, runBuilt } from '../support/built-service.js';
import { addFilms } from '../support/items.js';
import { createSurroundings, type Surroundings } from '../support/leg.js';

describe('npm run doctor', () => {
  let surroundings: Surroundings;

  beforeEach(async () => {
    surroundings = await createSurroundings({ name: 'sqlite' });
    const service = await BuiltService.start(surroundings.environment);
    await addFilms(await service.newUser(), 100);
    await service.kill();
  });
  beforeAll(() => BuiltService.endAll());
  afterAll(() => surroundings.remove());

  const file = (): string => join(surroundings.dataDir, 'watchlist.db');
  const doctor = (environment: Record<string, string> = {}) => runBuilt('cli/doctor', [], { ...surroundings.environment, ...environment });
  const change = (statement: string): void => {
    const database = new Sqlite(file());
    database.exec(statement);
    database.close();
  };

  it('finds nothing wrong with a service that is well', async () => {
    const { code, stdout } = await doctor();

    expect([code, stdout]).toEqual([0, expect.not.stringContaining('FAIL')]);
    expect(stdout).toMatch(/^ok +Audit trail: whole, with 10\d sealed entries$/m);
    expect(existsSync(file())).toBe(true);
  });

  it.each<[what: string, harm: () => unknown, finding: RegExp]>([
    ['a secret that others can read', () => chmodSync(join(surroundings.dataDir, 'jwt-secret'), 0o644), /^FAIL +Signing secret: /m],
    [
      'an entry of the audit trail that was edited',
      () => change("UPDATE audit_entries SET action = 'item.deleted' WHERE seq = 3"),
      /^FAIL +Audit trail: broken at entry 3: /m,
    ],
    [
      'a database that a newer version has changed',
      () => change("INSERT INTO migrations (timestamp, name) VALUES (9, 'FromTheFuture9')"),
      /^FAIL +Migrations: .*newer version/m,
    ],
    [
      'rows that refer to rows that are not there',
      () => change("PRAGMA foreign_keys = OFF; UPDATE watchlist_items SET user_id = 'nobody' WHERE title = 'Film 007'"),
      /^FAIL +Foreign keys: /m,
    ],
    [
      'a page that is damaged',
      () => {
        // Into the file itself, out of its log.
        change('PRAGMA wal_checkpoint(TRUNCATE)');
        const handle = openSync(file(), 'r+');
        for (let page = 8; page < 24; page++) writeSync(handle, Buffer.alloc(2_048, 0xa5), 0, 2_048, page * 4_096);
      },
      /^FAIL +Integrity: /m,
    ],
  ])('finds %s', async (_, harm, finding) => {
    await harm();
    const { code, stdout } = await doctor();

    expect([code, stdout]).toEqual([1, expect.stringMatching(finding)]);
    expect(stdout).toMatch(/^ok +Configuration: /m);
  });

  it.each<[what: string, environment: Record<string, string>, finding: RegExp]>([
    ['a Redis that does not answer', { REDIS_URL: 'redis://127.0.0.1:1' }, /^FAIL +Cache: /m],
    ['a PostgreSQL that does not answer', { DATABASE_URL: 'postgres://postgres@127.0.0.1:1/x' }, /^FAIL +.*ECONNREFUSED/m],
  ])('finds %s', async (_, environment, finding) => {
    const { code, stdout } = await doctor(environment);

    expect([code, stdout]).toEqual([1, expect.stringMatching(finding)]);
  });

  it('names every problem of a bad environment', async () => {
    const { code, stderr } = await doctor({ PORT: 'x', LOG_LEVEL: 'loud' });

    expect([code, stderr]).toEqual([1, expect.stringMatching(/PORT[^]+LOG_LEVEL/)]);
  });
});

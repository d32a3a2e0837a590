// Somebody who may write to the database, to `audit.log` or to both, and what the verification says of each attempt.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import sql, { type Sql } from 'sql-template-tag';
import { BEFORE_FIRST, type Seal, sealAfter } from '../../src/audit/audit-chain.js';
import type { SealedRow } from '../../src/audit/audit-row.js';
import { addItems, ADMIN, logInAdmin, logOf, tamper, verify } from '../support/audit-trail.js';
import { Service, type User } from '../support/service.js';

const TITLES = Array.from({ length: 10 }, (_, number) => `Title ${number}`);

let service: Service;
let admin: User;

let rows: SealedRow[];
let log: Buffer;

beforeAll(async () => {
  service = await Service.start(ADMIN);
  admin = await logInAdmin(service);
  await addItems(await service.newUser(), TITLES);
  await verify(admin);
  rows = await storedRows();
  log = readFileSync(logOf(service));
});
afterAll(() => service.stop());
/** So that each attempt begins with a whole trail. */
afterEach(async () => {
  writeFileSync(logOf(service), log);
  await tamper(
    service,
    sql`DELETE FROM audit_entries`,
    ...rows.map(
      (row) => sql`INSERT INTO audit_entries (id, seq, hash, at, actor_id, action, target_type, target_id, changes, request_id, ip)
        VALUES (${row.id}, ${row.seq}, ${row.hash}, ${row.at}, ${row.actor_id}, ${row.action}, ${row.target_type}, ${row.target_id},
          ${row.changes}, ${row.request_id}, ${row.ip})`,
    ),
  );
});

const storedRows = (): Promise<SealedRow[]> => service.rows<SealedRow>(sql`SELECT * FROM audit_entries ORDER BY seq`);

/** Hashes everything anew, as somebody does who knows how. */
async function rewriteHashes(): Promise<void> {
  let last: Seal = BEFORE_FIRST;
  const statements: Sql[] = [];
  for (const row of await storedRows()) {
    last = sealAfter(last, row);
    statements.push(sql`UPDATE audit_entries SET hash = ${last.hash} WHERE id = ${row.id}`);
  }
  await tamper(service, ...statements);
}

const editLog = (change: (lines: string[]) => string[]): void =>
  writeFileSync(logOf(service), change(readFileSync(logOf(service), 'utf8').split('\n')).join('\n'));

describe('the verification names the first entry that is not as it was sealed', () => {
  it.each<[way: string, first: number, attempt: () => Promise<void>]>([
    ['edited', 5, () => tamper(service, sql`UPDATE audit_entries SET ip = '203.0.113.9' WHERE seq = 5`)],
    ['given another hash', 5, () => tamper(service, sql`UPDATE audit_entries SET hash = ${'f'.repeat(64)} WHERE seq = 5`)],
    ['deleted', 5, () => tamper(service, sql`DELETE FROM audit_entries WHERE seq = 5`)],
    [
      'inserted',
      5,
      () =>
        tamper(
          service,
          sql`UPDATE audit_entries SET seq = seq + 1000 WHERE seq >= 5`,
          sql`UPDATE audit_entries SET seq = seq - 999 WHERE seq >= 1005`,
          sql`INSERT INTO audit_entries (id, seq, hash, at, actor_id, action, target_type, target_id, changes, request_id, ip)
            SELECT '01980000-0000-7000-8000-000000000000', 5, hash, at, actor_id, action, target_type, target_id, changes, request_id, ip
            FROM audit_entries WHERE seq = 4`,
        ),
    ],
    [
      'reordered',
      5,
      () =>
        tamper(
          service,
          sql`UPDATE audit_entries SET seq = 1000 WHERE seq = 5`,
          sql`UPDATE audit_entries SET seq = 5 WHERE seq = 6`,
          sql`UPDATE audit_entries SET seq = 6 WHERE seq = 1000`,
        ),
    ],
    ['cut off with all after it', 9, () => tamper(service, sql`DELETE FROM audit_entries WHERE seq >= 9`)],
    [
      'rewritten with the whole trail',
      1,
      async () => {
        await tamper(service, sql`UPDATE audit_entries SET ip = '203.0.113.9'`);
        await rewriteHashes();
      },
    ],
    ['edited in audit.log', 5, async () => editLog((lines) => lines.with(4, String(lines[4]).replace('127.0.0.1', '127.0.0.2')))],
  ])('that was %s', async (_way, first, attempt) => {
    expect(await verify(admin)).toMatchObject({ ok: true, entries: rows.length, first_broken_seq: null });
    await attempt();

    expect(await verify(admin)).toMatchObject({ ok: false, first_broken_seq: first });
  });
});

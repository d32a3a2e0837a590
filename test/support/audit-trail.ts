// The audit trail as an auditor sees it: the rows, the file and the answer of the verification, checked without the service's own code.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sql, { type Sql } from 'sql-template-tag';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import type { Json } from './http.js';
import { PASSWORD, Service, type User } from './service.js';

export const ADMIN = { ADMIN_EMAIL: 'admin@example.org', ADMIN_PASSWORD: PASSWORD };

export function logOf({ surroundings }: Pick<Service, 'surroundings'>): string {
  return join(surroundings.dataDir, 'audit.log');
}

/** The entries of an `audit.log` after checking that each line is the next of an unbroken chain. @throws Error at the first that is not */
export function provenEntries(file: string): Json[] {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (text !== '' && !text.endsWith('\n')) throw new Error('The last line is torn');
  let previousHash = '0'.repeat(64);
  return text
    .split('\n')
    .slice(0, -1)
    .map((line, index) => {
      const entry: Json = JSON.parse(line);
      const hash = createHash('sha256')
        .update(line.replace(/,"hash":"[0-9a-f]*"}$/, '}'))
        .digest('hex');
      if (entry.seq !== index + 1 || entry.previous_hash !== previousHash || entry.hash !== hash) {
        throw new Error(`Line ${index + 1} is not the next of the chain: ${line}`);
      }
      previousHash = hash;
      return entry;
    });
}

/** The whole trail in the database, in the order of its seals, as the lines of `audit.log` show it. */
export async function storedEntries(service: Service): Promise<Json[]> {
  const rows = await service.rows<Json>(sql`SELECT * FROM audit_entries ORDER BY seq`);
  return rows.map(({ changes, ...row }, index) => ({
    ...row,
    changes: JSON.parse(changes),
    previous_hash: rows[index - 1]?.hash ?? '0'.repeat(64),
  }));
}

/** Behind the service's back. */
export async function tamper(service: Service, ...statements: Sql[]): Promise<void> {
  await service.resolve(UnitOfWork).write(async (tx) => {
    for (const statement of statements) await tx.run(statement);
  });
}

export function logInAdmin(service: Service): Promise<User> {
  return service.logIn(ADMIN.ADMIN_EMAIL);
}

/** Seals what is committed, as an administrator would, and tells whether the trail is whole. */
export async function verify(admin: User): Promise<Json> {
  return (await admin.get('/v1/audit/verify')).body;
}

export async function addItems(user: User, titles: readonly string[]): Promise<string[]> {
  const answers = await Promise.all(titles.map((title) => user.post('/v1/watchlists/items', { title, media_type: 'movie' })));
  return answers.map(({ body }) => body.id);
}

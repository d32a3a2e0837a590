// Growing up: everything from an SQLite file into an empty PostgreSQL database, as it is: ids, times, password hashes, audit trail.
import type { Row } from '../query-answer.js';
import { type Filling, PostgresTarget } from './postgres-target.js';
import { SqliteSource } from './sqlite-source.js';
import { Digest, type Table } from './table.js';

export interface Transferred {
  readonly table: string;
  readonly rows: number;
  /** SHA-256 over all of its rows, the same on both sides. */
  readonly hash: string;
}

export type TransferProgress = (table: string, rows: number, total: number) => void;

/**
 * @returns what was copied, table by table, once PostgreSQL has committed it
 * @throws Error when anything is in the way; then the target has its tables, and nothing in them
 */
export async function transfer(file: string, url: string, progress: TransferProgress): Promise<Transferred[]> {
  const source = SqliteSource.open(file);
  try {
    const target = await PostgresTarget.open(url);
    try {
      const tables = source.tables();
      return await target.fill(tables, async (filling) => {
        const transferred: Transferred[] = [];
        for (const table of tables) transferred.push(await copy(source, table, filling, progress));
        return transferred;
      });
    } finally {
      await target.close();
    }
  } finally {
    source.close();
  }
}

async function copy(source: SqliteSource, table: Table, filling: Filling, progress: TransferProgress): Promise<Transferred> {
  const total = source.count(table);
  const sent = new Digest(table);
  await filling.insert(table, noting(source.rows(table), sent), (written) => progress(table.name, written, total));
  const arrived = await filling.digest(table);
  const hash = sent.finish();
  if (sent.rows !== total || arrived.rows !== total || arrived.finish() !== hash)
    throw new Error(`The table ${table.name} did not arrive as it was sent: ${arrived.rows} of ${total} rows, or other values`);
  return { table: table.name, rows: total, hash };
}

function* noting(rows: Iterable<Row>, digest: Digest): Generator<Row> {
  for (const row of rows) {
    digest.add(row);
    yield row;
  }
}

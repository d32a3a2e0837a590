// The SQLite file that everything is copied from. It is taken for this process alone: what a running service wrote meanwhile would
// be left behind. Nothing in it is changed.
import { existsSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { isUnavailable } from '../database-error.js';
import { MIGRATIONS } from '../migrations.js';
import type { Row } from '../query-answer.js';
import type { Table } from './table.js';

export class SqliteSource {
  private constructor(private readonly database: Sqlite.Database) {}

  /** @throws Error when there is no such file, a service runs on it, or it is of another version of the program */
  static open(file: string): SqliteSource {
    if (!existsSync(file)) throw new Error(`There is no file ${file}`);
    const database = new Sqlite(file, { timeout: 100 });
    try {
      takeForItself(database);
      assertSameVersion(database);
      return new SqliteSource(database);
    } catch (error) {
      database.close();
      throw error;
    }
  }

  /** Every table, those that others refer to before them. */
  tables(): Table[] {
    const names = this.database
      .prepare(
        `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite^_%' ESCAPE '^' AND name <> 'migrations' ORDER BY name`,
      )
      .pluck()
      .all() as string[];
    return parentsFirst(names, (name) => this.parentsOf(name)).map((name) => this.describe(name));
  }

  count({ name }: Table): number {
    return this.database.prepare(`SELECT count(*) FROM "${name}"`).pluck().get() as number;
  }

  /** In the order of the key, byte by byte. */
  rows({ name, key }: Table): IterableIterator<Row> {
    return this.database.prepare(`SELECT * FROM "${name}" ORDER BY "${key}"`).iterate() as IterableIterator<Row>;
  }

  close(): void {
    this.database.close();
  }

  private parentsOf(name: string): string[] {
    return (this.database.pragma(`foreign_key_list("${name}")`) as { table: string }[]).map(({ table }) => table);
  }

  private describe(name: string): Table {
    const columns = this.database.pragma(`table_info("${name}")`) as { name: string; pk: number }[];
    const [key, ...others] = columns.filter(({ pk }) => pk > 0);
    if (!key || others.length > 0) throw new Error(`The table ${name} has no key of one column`);
    return { name, columns: columns.map((column) => column.name), key: key.name };
  }
}

function takeForItself(database: Sqlite.Database): void {
  try {
    database.pragma('locking_mode = EXCLUSIVE');
    // The lock comes with the first read, and stays.
    database.exec('BEGIN IMMEDIATE; ROLLBACK');
    database.pragma('query_only = ON');
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    throw new Error('The service still runs on this file: stop it first', { cause: error });
  }
}

function assertSameVersion(database: Sqlite.Database): void {
  const known = MIGRATIONS.map(({ name }) => name).toSorted();
  const applied = appliedMigrations(database).toSorted();
  const missing = known.filter((name) => !applied.includes(name));
  const unknown = applied.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error('The file is of a newer version of Watchlist: transfer it with that version');
  if (missing.length > 0) throw new Error('The file is of an older version of Watchlist: start this version on it once, then stop it');
}

function appliedMigrations(database: Sqlite.Database): string[] {
  try {
    return database.prepare('SELECT name FROM migrations').pluck().all() as string[];
  } catch (error) {
    throw new Error('The file is not a database of Watchlist', { cause: error });
  }
}

function parentsFirst(names: readonly string[], parentsOf: (name: string) => string[]): string[] {
  const ordered = new Set<string>();
  const visit = (name: string): void => {
    if (ordered.has(name)) return;
    for (const parent of parentsOf(name)) if (parent !== name) visit(parent);
    ordered.add(name);
  };
  for (const name of names) visit(name);
  return [...ordered];
}

// What an administrator wants to know of the database: can it be reached, is it sound, does it fit this program.
import { existsSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { DataSource, type DataSourceOptions } from 'typeorm';
import type { Check } from '../config/check.js';
import type { Config } from '../config/config.js';
import { assertKnownSchema } from './known-schema.js';
import { MIGRATIONS } from './migrations.js';
import { postgresOptions } from './postgres.js';
import { sqliteFile, sqliteOptions } from './sqlite.js';

const OLDEST_POSTGRES = 150_000;

export function databaseChecks(config: Config): Check[] {
  if (config.databaseUrl !== undefined) return postgresChecks(config);
  if (!existsSync(sqliteFile(config))) return [{ name: 'Database', run: async () => 'none yet: it is made at the first start' }];
  return sqliteChecks(config);
}

function sqliteChecks(config: Config): Check[] {
  const look = (question: string): unknown => {
    const database = new Sqlite(sqliteFile(config), { readonly: true });
    try {
      return database.prepare(question).pluck().all();
    } finally {
      database.close();
    }
  };
  return [
    { name: 'SQLite', run: async () => `version ${String(look('SELECT sqlite_version()'))}` },
    {
      name: 'Integrity',
      run: async () =>
        expectNothing(look("SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'"), 'every page is sound'),
    },
    {
      name: 'Foreign keys',
      run: async () => expectNothing(look('SELECT "table" FROM pragma_foreign_key_check'), 'every reference has its row'),
    },
    { name: 'Migrations', run: () => withDataSource(readOnly(config), migrationState) },
  ];
}

function readOnly(config: Config): DataSourceOptions {
  return { ...sqliteOptions(config), readonly: true, enableWAL: false };
}

/** Whether there is a database that this program would use without changing it first. @throws Error when it cannot be asked */
export async function isMigrated(config: Config): Promise<boolean> {
  if (config.databaseUrl === undefined && !existsSync(sqliteFile(config))) return false;
  const options = config.databaseUrl === undefined ? readOnly(config) : postgresOptions(config);
  return withDataSource(options, async (dataSource) => {
    await assertKnownSchema(dataSource);
    return !(await dataSource.showMigrations());
  });
}

function postgresChecks(config: Config): Check[] {
  const options = postgresOptions(config);
  return [
    { name: 'PostgreSQL', run: () => withDataSource(options, postgresVersion) },
    { name: 'Migrations', run: () => withDataSource(options, migrationState) },
  ];
}

async function postgresVersion(dataSource: DataSource): Promise<string> {
  const [row] = (await dataSource.query(
    "SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS version",
  )) as {
    number: number;
    version: string;
  }[];
  if (!row || row.number < OLDEST_POSTGRES) throw new Error(`version ${row?.version ?? 'unknown'}: 15 or newer is needed`);
  return `version ${row.version}`;
}

async function migrationState(dataSource: DataSource): Promise<string> {
  await assertKnownSchema(dataSource);
  const pending = await dataSource.showMigrations();
  return pending ? 'some are pending: they run at the next start' : `all ${MIGRATIONS.length} are applied`;
}

async function withDataSource<T>(options: DataSourceOptions, ask: (dataSource: DataSource) => Promise<T>): Promise<T> {
  const dataSource = await new DataSource({ ...options, entities: [] }).initialize();
  try {
    return await ask(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

function expectNothing(found: unknown, allWell: string): string {
  const problems = found as unknown[];
  if (problems.length > 0) throw new Error(problems.slice(0, 3).map(String).join('; '));
  return allWell;
}

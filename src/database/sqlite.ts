// How SQLite is opened: one connection that writes, one that only reads.
import { join } from 'node:path';
import type Sqlite from 'better-sqlite3';
import { DataSource, type DataSourceOptions } from 'typeorm';
import type { Config } from '../config/config.js';
import { MeasuredSqlite } from './measured-sqlite.js';
import { MIGRATIONS } from './migrations.js';

type SqliteOptions = Extract<DataSourceOptions, { type: 'better-sqlite3' }>;

/** Before 3.53.0 two connections in WAL mode could lose committed writes (fixed upstream there). */
const OLDEST_SAFE_SQLITE = [3, 53, 0];
/** better-sqlite3 waits for a lock by blocking the event loop, so it waits briefly and the runner waits politely. */
const LOCK_TIMEOUT_MS = 50;

export function sqliteFile(config: Config): string {
  return join(config.dataDir, 'watchlist.db');
}

export function sqliteOptions(config: Config): SqliteOptions {
  return {
    type: 'better-sqlite3',
    driver: MeasuredSqlite,
    database: sqliteFile(config),
    timeout: LOCK_TIMEOUT_MS,
    enableWAL: true,
    migrations: MIGRATIONS,
    prepareDatabase: (database) => {
      assertSafeVersion(database as Sqlite.Database);
      // An acknowledged write must survive a power cut: fsync on every commit.
      (database as Sqlite.Database).pragma('synchronous = FULL');
    },
  };
}

/** @param writer already migrated, and knowing every entity */
export async function openReader(writer: DataSource): Promise<DataSource> {
  const options = writer.options as SqliteOptions;
  return new DataSource({
    ...options,
    enableWAL: false,
    readonly: true,
    fileMustExist: true,
    migrations: [],
    prepareDatabase: undefined,
  }).initialize();
}

function assertSafeVersion(database: Sqlite.Database): void {
  const version = String(database.prepare('SELECT sqlite_version()').pluck().get());
  const parts = version.split('.').map(Number);
  const difference = OLDEST_SAFE_SQLITE.map((part, index) => (parts[index] ?? 0) - part).find((value) => value !== 0) ?? 0;
  if (difference < 0) throw new Error(`SQLite ${version} can lose committed writes; ${OLDEST_SAFE_SQLITE.join('.')} or newer is needed`);
}

// How SQLite is opened: one connection that writes, one that only reads.
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type Sqlite from 'better-sqlite3';
import { DataSource, type DataSourceOptions } from 'typeorm';
import type { Config } from '../config/config.js';
import { isUnavailable } from './database-error.js';
import { MeasuredSqlite } from './measured-sqlite.js';
import { MIGRATIONS } from './migrations.js';

type SqliteOptions = Extract<DataSourceOptions, { type: 'better-sqlite3' }>;

/** Before 3.53.0 two connections in WAL mode could lose committed writes (fixed upstream there). */
const OLDEST_SAFE_SQLITE = [3, 53, 0];
/** better-sqlite3 waits for a lock by blocking the event loop, so it waits briefly and the runner waits politely. */
const LOCK_TIMEOUT_MS = 50;
/** How long a process that starts waits for another one that is starting on the same file. */
const START_PATIENCE_MS = 30_000;
const START_RETRY_MS = 50;
/** The most that SQLite maps of a file; what lies behind is read as ever. */
const MAPPED_BYTES = 0x7fff_0000;

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
      // What a savepoint may have to put back is else kept in a file, made and removed for each unit of work.
      (database as Sqlite.Database).pragma('temp_store = MEMORY');
      // For reading; what is written is written as ever. Whoever searches a list reads all its rows, which lie scattered among those
      // of others: without a copy of each page that is twice as fast.
      (database as Sqlite.Database).pragma(`mmap_size = ${MAPPED_BYTES}`);
    },
  };
}

/** Opens the file, waiting for another process that is starting on it. */
export async function openPatiently(dataSource: DataSource): Promise<void> {
  await patiently(() => dataSource.initialize());
}

/**
 * Migrates once, also when two processes start together on the file (the service, the command line): the other one waits for the
 * write lock and finds nothing left to do.
 */
export async function migrateInTurn(dataSource: DataSource): Promise<void> {
  const runner = dataSource.createQueryRunner();
  // Switches foreign keys off, so that recreating a table deletes nothing; inside the transaction it would have no effect.
  await runner.beforeMigration();
  await patiently(() => runner.query('BEGIN IMMEDIATE'));
  try {
    await dataSource.runMigrations({ transaction: 'none' });
    await runner.query('COMMIT');
  } catch (error) {
    await runner.query('ROLLBACK').catch(() => undefined);
    throw error;
  } finally {
    await runner.afterMigration();
  }
}

async function patiently(attempt: () => Promise<unknown>): Promise<void> {
  const deadline = Date.now() + START_PATIENCE_MS;
  for (;;) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (!isUnavailable(error) || Date.now() > deadline) throw error;
      await pause(START_RETRY_MS);
    }
  }
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
    // Few reads come here: the file need not be mapped a second time.
    prepareDatabase: () => undefined,
  }).initialize();
}

function assertSafeVersion(database: Sqlite.Database): void {
  const version = String(database.prepare('SELECT sqlite_version()').pluck().get());
  const parts = version.split('.').map(Number);
  const difference = OLDEST_SAFE_SQLITE.map((part, index) => (parts[index] ?? 0) - part).find((value) => value !== 0) ?? 0;
  if (difference < 0) throw new Error(`SQLite ${version} can lose committed writes; ${OLDEST_SAFE_SQLITE.join('.')} or newer is needed`);
}

// How PostgreSQL is reached: every wait has an end, and the pool outlives the server's restarts.
import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { DataSource, type DataSourceOptions } from 'typeorm';
import type { Config } from '../config/config.js';
import { DatabaseUnavailableError, isUnavailable } from './database-error.js';
import { DeadConnections } from './dead-connections.js';
import { MeasuredPostgres } from './measured-postgres.js';
import { MIGRATIONS } from './migrations.js';

/** Together less than the four seconds within which a request is answered with 503, whatever it was waiting for. */
const CONNECT_TIMEOUT_MS = 1_250;
/** The server gives a statement up, and the connection stays good. */
const STATEMENT_TIMEOUT_MS = 2_000;
/** Not even that answer came: the server or the way to it is gone. */
const QUERY_TIMEOUT_MS = 2_250;
/** How long a starting service waits for a database that starts beside it. */
const START_PATIENCE_MS = 30_000;
const START_RETRY_MS = 500;
/** Any number all replicas agree on: who holds the lock migrates. */
const MIGRATION_LOCK = 7_291_004;

type PostgresOptions = Extract<DataSourceOptions, { type: 'postgres' }>;

export function postgresOptions(config: Pick<Config, 'databaseUrl' | 'databasePoolSize'>): PostgresOptions {
  const logger = new Logger('PostgreSQL');
  return {
    type: 'postgres',
    url: config.databaseUrl,
    migrations: MIGRATIONS,
    subscribers: [DeadConnections],
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    poolSize: config.databasePoolSize,
    poolErrorHandler: (error: Error) => logger.warn(`A pooled connection failed: ${error.message}`),
    extra: {
      Client: MeasuredPostgres,
      application_name: 'watchlist',
      statement_timeout: STATEMENT_TIMEOUT_MS,
      query_timeout: QUERY_TIMEOUT_MS,
      idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS * 2,
      keepAlive: true,
    },
  };
}

/**
 * Connects, waiting a bounded time for a database that is still starting.
 * @throws DatabaseUnavailableError when it does not come up in time
 */
export async function connectPatiently(dataSource: DataSource): Promise<DataSource> {
  const deadline = Date.now() + START_PATIENCE_MS;
  for (;;) {
    try {
      return await dataSource.initialize();
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      if (Date.now() > deadline) throw new DatabaseUnavailableError(error);
      await pause(START_RETRY_MS);
    }
  }
}

/**
 * Migrates once, also when several replicas start together: the others wait at the lock and find nothing left to do.
 * On connections of its own, without the time limits of requests: rebuilding a large table takes what it takes.
 */
export async function migrateUnderLock(options: PostgresOptions): Promise<void> {
  const extra = { application_name: 'watchlist-migrations' };
  const dataSource = await new DataSource({ ...options, entities: [], subscribers: [], poolSize: 2, extra }).initialize();
  try {
    // The lock ends with its transaction; a session's lock would be lost in a pooler such as PgBouncer.
    await dataSource.transaction(async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
      await dataSource.runMigrations({ transaction: 'each' });
    });
  } finally {
    await dataSource.destroy();
  }
}

// How PostgreSQL is reached: every wait has an end, and the pool outlives the server's restarts.
import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { DataSource, DataSourceOptions } from 'typeorm';
import type { Config } from '../config/config.js';
import { DatabaseUnavailableError, isUnavailable } from './database-error.js';
import { MeasuredPostgres } from './measured-postgres.js';
import { MIGRATIONS } from './migrations.js';

const POOL_SIZE = 10;
/** A request must be answered with 503 within four seconds, whatever it was waiting for. */
const CONNECT_TIMEOUT_MS = 1_500;
const STATEMENT_TIMEOUT_MS = 3_000;
const QUERY_TIMEOUT_MS = 3_500;
/** How long a starting service waits for a database that starts beside it. */
const START_PATIENCE_MS = 30_000;
const START_RETRY_MS = 500;
/** Any number all replicas agree on: who holds the lock migrates. */
const MIGRATION_LOCK = 7_291_004;

export function postgresOptions(config: Config): Extract<DataSourceOptions, { type: 'postgres' }> {
  const logger = new Logger('PostgreSQL');
  return {
    type: 'postgres',
    url: config.databaseUrl,
    migrations: MIGRATIONS,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    poolSize: POOL_SIZE,
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

/** Migrates once, also when several replicas start together: the others wait at the lock and find nothing left to do. */
export async function migrateUnderLock(dataSource: DataSource): Promise<void> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.query('SET statement_timeout = 0');
    await runner.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await dataSource.runMigrations({ transaction: 'each' });
  } finally {
    await runner.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    await runner.query(`SET statement_timeout = ${STATEMENT_TIMEOUT_MS}`);
    await runner.release();
  }
}

// A unit of work on PostgreSQL: a pooled transaction, tried again when the server asks for it.
import sql, { type Sql } from 'sql-template-tag';
import type { DataSource } from 'typeorm';
import { DatabaseUnavailableError, isRetryable } from './database-error.js';
import { Tx } from './tx.js';
import { TransactionRunner, type Work, type WriteOptions } from './unit-of-work.js';

const ATTEMPTS = 4;
/** The first half of the keys of the advisory locks that exclusive units of work hold. */
const EXCLUSIVE_LOCKS = 7_291_005;

export class PostgresRunner extends TransactionRunner {
  constructor(private readonly dataSource: DataSource) {
    super();
  }

  async run<T>(work: Work<T>, options: WriteOptions): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.attempt(work, options);
      } catch (error) {
        if (!isRetryable(error)) throw error;
        if (attempt === ATTEMPTS) throw new DatabaseUnavailableError(error);
        await randomPause(attempt);
      }
    }
  }

  private async attempt<T>(work: Work<T>, options: WriteOptions): Promise<T> {
    let transaction: Tx | undefined;
    const result = await this.dataSource.transaction(options.serializable ? 'SERIALIZABLE' : 'READ COMMITTED', async (manager) => {
      transaction = new Tx(manager, 'postgres');
      try {
        if (options.exclusive !== undefined) await transaction.run(lock(options.exclusive));
        return await work(transaction);
      } finally {
        transaction.close();
      }
    });
    await transaction?.runFollowUps();
    return result;
  }
}

/** Held until the transaction has ended, however it ends. */
function lock(name: string): Sql {
  return sql`SELECT pg_advisory_xact_lock(${EXCLUSIVE_LOCKS}, hashtext(${name}))`;
}

/** Two transactions that collided must not collide again in step. */
function randomPause(attempt: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.random() * 10 * 2 ** attempt));
}

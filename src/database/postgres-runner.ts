// A unit of work on PostgreSQL: a pooled transaction, tried again when the server asks for it.
import { setTimeout as pause } from 'node:timers/promises';
import sql, { type Sql } from 'sql-template-tag';
import type { DataSource } from 'typeorm';
import { DatabaseUnavailableError, isRetryable } from './database-error.js';
import { Tx } from './tx.js';
import { TransactionRunner, type Work, type WriteOptions } from './unit-of-work.js';

const ATTEMPTS = 4;
/** The first half of the keys of the advisory locks that exclusive units of work hold. */
const EXCLUSIVE_LOCKS = 7_291_005;

interface Committed<T> {
  readonly result: T;
  readonly transaction: Tx;
}

export class PostgresRunner extends TransactionRunner {
  constructor(private readonly dataSource: DataSource) {
    super();
  }

  /** @throws DatabaseUnavailableError when it collided with others each time it was tried */
  async run<T>(work: Work<T>, options: WriteOptions): Promise<T> {
    const { result, transaction } = await this.commit(work, options);
    await transaction.runFollowUps();
    return result;
  }

  private async commit<T>(work: Work<T>, options: WriteOptions): Promise<Committed<T>> {
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

  private attempt<T>(work: Work<T>, options: WriteOptions): Promise<Committed<T>> {
    return this.dataSource.transaction(async (manager) => {
      const transaction = new Tx(manager);
      try {
        if (options.exclusive !== undefined) await transaction.run(lock(options.exclusive));
        return { result: await work(transaction), transaction };
      } finally {
        transaction.close();
      }
    });
  }
}

/** Held until the transaction has ended, however it ends. */
function lock(name: string): Sql {
  return sql`SELECT pg_advisory_xact_lock(${EXCLUSIVE_LOCKS}, hashtext(${name}))`;
}

/** Two transactions that collided must not collide again in step. */
function randomPause(attempt: number): Promise<void> {
  return pause(Math.random() * 10 * 2 ** attempt);
}

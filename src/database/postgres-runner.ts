// A unit of work on PostgreSQL: a pooled transaction, tried again when the server asks for it.
import type { DataSource } from 'typeorm';
import { isRetryable } from './database-error.js';
import { Tx } from './tx.js';
import { TransactionRunner, type Work, type WriteOptions } from './unit-of-work.js';

const ATTEMPTS = 4;

export class PostgresRunner extends TransactionRunner {
  constructor(private readonly dataSource: DataSource) {
    super();
  }

  async run<T>(work: Work<T>, options: WriteOptions): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.attempt(work, options);
      } catch (error) {
        if (!isRetryable(error) || attempt === ATTEMPTS) throw error;
        await randomPause(attempt);
      }
    }
  }

  private async attempt<T>(work: Work<T>, options: WriteOptions): Promise<T> {
    let transaction: Tx | undefined;
    const result = await this.dataSource.transaction(options.serializable ? 'SERIALIZABLE' : 'READ COMMITTED', async (manager) => {
      transaction = new Tx(manager, 'postgres');
      try {
        return await work(transaction);
      } finally {
        transaction.close();
      }
    });
    await transaction?.runFollowUps();
    return result;
  }
}

/** Two transactions that collided must not collide again in step. */
function randomPause(attempt: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.random() * 10 * 2 ** attempt));
}

// Units of work on SQLite. One connection writes, and every unit waits its turn at a first-in-first-out gate. Units that wait
// together share one transaction and one fsync (group commit), each in a savepoint of its own, so that a failing neighbour
// takes nothing with it; each is answered only after that fsync.
import { AsyncResource } from 'node:async_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import type { DataSource, QueryRunner } from 'typeorm';
import { DatabaseUnavailableError, isUnavailable } from './database-error.js';
import { Tx } from './tx.js';
import { TransactionRunner, type Work } from './unit-of-work.js';

/** Units that may share a commit: bounds how long the first of them waits for the last. */
const MOST_PER_COMMIT = 32;
/** How long another process (the command line, a backup) may hold the write lock before a write is refused. */
const LOCK_PATIENCE_MS = 3_000;
const LOCK_RETRY_MS = 20;

interface Waiting {
  /** Runs the work; throws what the work throws. */
  readonly perform: (tx: Tx) => Promise<void>;
  readonly succeed: () => void;
  readonly fail: (error: unknown) => void;
}

export class SqliteRunner extends TransactionRunner {
  private readonly gate: Waiting[] = [];
  private draining = false;
  private readonly runner: QueryRunner;

  constructor(dataSource: DataSource) {
    super();
    this.runner = dataSource.createQueryRunner();
  }

  run<T>(work: Work<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let result: T;
      this.gate.push({
        // In the context of its own request, not of the one that happened to start the drain.
        perform: AsyncResource.bind(async (tx: Tx) => {
          result = await work(tx);
        }),
        succeed: () => resolve(result),
        fail: reject,
      });
      if (!this.draining) void this.drain();
    });
  }

  private async drain(): Promise<void> {
    this.draining = true;
    while (this.gate.length > 0) await this.commitTogether(this.gate.splice(0, MOST_PER_COMMIT));
    this.draining = false;
  }

  private async commitTogether(units: Waiting[]): Promise<void> {
    const answers: (() => void)[] = [];
    try {
      await this.begin();
      for (const unit of units) answers.push(await this.performInSavepoint(unit));
      await this.runner.query('COMMIT');
    } catch (error) {
      await this.abandon();
      for (const unit of units) unit.fail(error);
      return;
    }
    // Refusals too: one may be due to what a neighbour has just committed.
    for (const answer of answers) answer();
  }

  /** @returns how to answer the unit once everything is durable */
  private async performInSavepoint(unit: Waiting): Promise<() => void> {
    const tx = new Tx(this.runner.manager, 'sqlite');
    await this.runner.query('SAVEPOINT unit');
    try {
      await unit.perform(tx);
      await this.runner.query('RELEASE unit');
      return () => void tx.runFollowUps().then(unit.succeed, unit.fail);
    } catch (error) {
      await this.rollbackToSavepoint(error);
      await this.runner.query('RELEASE unit');
      return () => unit.fail(error);
    } finally {
      tx.close();
    }
  }

  /** IMMEDIATE: a transaction that reads first and writes later would be refused at once when another process wrote in between. */
  private async begin(): Promise<void> {
    const deadline = Date.now() + LOCK_PATIENCE_MS;
    for (;;) {
      try {
        await this.runner.query('BEGIN IMMEDIATE');
        return;
      } catch (error) {
        if (!isUnavailable(error)) throw error;
        if (Date.now() > deadline) throw new DatabaseUnavailableError(error);
        await pause(LOCK_RETRY_MS);
      }
    }
  }

  /** A full disk makes SQLite roll everything back by itself: then the savepoint is gone, and so is what the neighbours wrote. */
  private async rollbackToSavepoint(cause: unknown): Promise<void> {
    try {
      await this.runner.query('ROLLBACK TO unit');
    } catch {
      throw new DatabaseUnavailableError(cause);
    }
  }

  /** There is nothing to roll back when BEGIN failed or SQLite rolled back by itself. */
  private async abandon(): Promise<void> {
    await this.runner.query('ROLLBACK').catch(() => undefined);
  }
}

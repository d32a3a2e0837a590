// Units of work on SQLite. One connection writes, and every unit waits its turn at a first-in-first-out gate. Units that wait
// together share one transaction and one fsync (group commit), each in a savepoint of its own, so that a failing neighbour
// takes nothing with it; each is answered only after that fsync.
import { AsyncResource } from 'node:async_hooks';
import { setImmediate as readSockets, setTimeout as pause } from 'node:timers/promises';
import type { DataSource, EntityManager } from 'typeorm';
import { DatabaseUnavailableError, isUnavailable } from './database-error.js';
import { SqliteStatements } from './sqlite-statements.js';
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
  private readonly manager: EntityManager;
  private readonly connection: SqliteStatements;

  constructor(dataSource: DataSource) {
    super();
    this.manager = dataSource.createQueryRunner().manager;
    this.connection = new SqliteStatements(dataSource);
  }

  run<T>(work: Work<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let result: T;
      // Of its own request, not of the one that happened to start the drain.
      const context = new AsyncResource('UnitOfWork');
      this.gate.push({
        perform: (tx) =>
          context.runInAsyncScope(async () => {
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
    while (this.gate.length > 0) {
      await this.gather();
      await this.commitTogether(this.gate.splice(0, MOST_PER_COMMIT));
    }
    this.draining = false;
  }

  /** A commit blocks the event loop: without a look at the sockets, and another as long as it brings somebody, few would ever share one. */
  private async gather(): Promise<void> {
    let waiting: number;
    do {
      waiting = this.gate.length;
      await readSockets();
    } while (this.gate.length > waiting && this.gate.length < MOST_PER_COMMIT);
  }

  private async commitTogether(units: Waiting[]): Promise<void> {
    const answers: (() => void)[] = [];
    try {
      await this.begin();
      for (const unit of units) answers.push(await this.performInSavepoint(unit));
      this.connection.execute('COMMIT');
    } catch (error) {
      this.abandon();
      for (const unit of units) unit.fail(error);
      return;
    }
    // Refusals too: one may be due to what a neighbour has just committed.
    for (const answer of answers) answer();
  }

  /** @returns how to answer the unit once everything is durable */
  private async performInSavepoint(unit: Waiting): Promise<() => void> {
    const tx = new Tx(this.manager, this.connection);
    this.connection.execute('SAVEPOINT unit');
    try {
      await unit.perform(tx);
      this.connection.execute('RELEASE unit');
      return () => void tx.runFollowUps().then(unit.succeed, unit.fail);
    } catch (error) {
      this.rollbackToSavepoint(error);
      this.connection.execute('RELEASE unit');
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
        this.connection.execute('BEGIN IMMEDIATE');
        return;
      } catch (error) {
        if (!isUnavailable(error)) throw error;
        if (Date.now() > deadline) throw new DatabaseUnavailableError(error);
        await pause(LOCK_RETRY_MS);
      }
    }
  }

  /** A full disk makes SQLite roll everything back by itself: then the savepoint is gone, and so is what the neighbours wrote. */
  private rollbackToSavepoint(cause: unknown): void {
    try {
      this.connection.execute('ROLLBACK TO unit');
    } catch {
      throw new DatabaseUnavailableError(cause);
    }
  }

  /** There is nothing to roll back when BEGIN failed or SQLite rolled back by itself. */
  private abandon(): void {
    try {
      this.connection.execute('ROLLBACK');
    } catch {
      // Then nothing is open any more.
    }
  }
}

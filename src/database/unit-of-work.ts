// The only way to write. Everything a caller does inside `write` happens, or nothing of it does, and
// nobody is answered before it is durable.
import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import type { Tx } from './tx.js';

export type Work<T> = (tx: Tx) => Promise<T>;

export interface WriteOptions {
  /** Concurrent writers that read what the others write: PostgreSQL runs it SERIALIZABLE; SQLite has one writer anyway. */
  readonly serializable?: boolean;
  /** A name: of all the units of work with this name, on all instances, one runs at a time, and it sees what those before it committed. */
  readonly exclusive?: string;
}

/** How one engine runs a unit of work. */
export abstract class TransactionRunner {
  abstract run<T>(work: Work<T>, options: WriteOptions): Promise<T>;
}

@Injectable()
export class UnitOfWork {
  private readonly inside = new AsyncLocalStorage<true>();

  constructor(private readonly runner: TransactionRunner) {}

  /** @throws Error when called inside another `write`: on SQLite the inner one would wait for the outer one for ever */
  async write<T>(work: Work<T>, options: WriteOptions = {}): Promise<T> {
    if (this.inside.getStore()) throw new Error('UnitOfWork.write must not be called inside another write: hand the Tx down instead');
    return this.runner.run((tx) => this.inside.run(true, () => work(tx)), options);
  }
}

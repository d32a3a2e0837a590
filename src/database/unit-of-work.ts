// The only way to write. Everything a caller does inside `write` happens, or nothing of it does, and
// nobody is answered before it is durable.
import { Injectable } from '@nestjs/common';
import { type Frame, Span } from './span.js';
import type { Work } from './tx.js';

export type { Work };

export interface WriteOptions {
  /** A name: of all the units of work with this name, on all instances, one runs at a time, and it sees what those before it committed. */
  readonly exclusive?: string;
}

/** A unit that is not done by then waits for what cannot come, like a write inside it, and on SQLite everybody waits for it. */
const LONGEST_UNIT_MS = 5_000;

/** How one engine runs a unit of work. */
export abstract class TransactionRunner {
  abstract run<T>(work: Work<T>, options: WriteOptions): Promise<T>;
}

@Injectable()
export class UnitOfWork {
  constructor(private readonly runner: TransactionRunner) {}

  /**
   * Inside `together` it is durable only when that is, and reads see it before. Never to be called inside another `write`, with
   * which it would not be undone: hand the Tx down instead.
   * @throws what the work throws, and Error when it takes longer than five seconds; then nothing was written
   */
  write<T>(work: Work<T>, options: WriteOptions = {}): Promise<T> {
    const span = Span.active();
    return span ? span.write(work, (whole) => this.run(whole, options)) : this.run(work, options);
  }

  /**
   * Makes one transaction of all that a request writes and of what the frame adds. It stays open from the first write to the
   * answer: what the request does in between must be quick, and must not wait for anybody else's write.
   * @throws what the request, the frame or the commit throws; then nothing was written
   */
  async together<A>(request: () => Promise<A>, frame: Frame<A>): Promise<A> {
    const span = new Span(frame);
    try {
      const answer = await span.enter(request);
      await span.commit(answer, (work) => this.run(work, {}));
      return answer;
    } catch (error) {
      await span.rollback(error);
      throw error;
    }
  }

  private run<T>(work: Work<T>, options: WriteOptions): Promise<T> {
    return this.runner.run((tx) => inTime(work(tx)), options);
  }
}

/** Whatever the work does later, its Tx is closed. */
async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`A unit of work took more than ${LONGEST_UNIT_MS} ms`)), LONGEST_UNIT_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

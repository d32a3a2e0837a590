// The only way to write. Everything a caller does inside `write` happens, or nothing of it does, and
// nobody is answered before it is durable.
import { Injectable } from '@nestjs/common';
import { WorkContext } from '../telemetry/work-context.js';
import { type Frame, Span } from './span.js';
import type { Tx, Work } from './tx.js';

export type { Work };

export interface WriteOptions {
  /** A name: of all the units of work with this name, on all instances, one runs at a time, and it sees what those before it committed. */
  readonly exclusive?: string;
}

/** How one engine runs a unit of work. */
export abstract class TransactionRunner {
  abstract run<T>(work: Work<T>, options: WriteOptions): Promise<T>;
}

@Injectable()
export class UnitOfWork {
  private readonly inside = new WorkContext<Tx>();

  constructor(private readonly runner: TransactionRunner) {}

  /**
   * Inside `together` it is durable only when that is, and reads see it before.
   * @throws Error when called inside another `write`: on SQLite the inner one would wait for the outer one for ever
   */
  async write<T>(work: Work<T>, options: WriteOptions = {}): Promise<T> {
    if (this.inside.current) throw new Error('UnitOfWork.write must not be called inside another write: hand the Tx down instead');
    const guarded: Work<T> = (tx) => this.inside.run(tx, () => work(tx));
    const span = Span.active();
    return span ? span.write(guarded, (whole) => this.runner.run(whole, options)) : this.runner.run(guarded, options);
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
      await span.commit(answer, (work) => this.runner.run(work, {}));
      return answer;
    } catch (error) {
      await span.rollback(error);
      throw error;
    }
  }
}

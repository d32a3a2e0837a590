// Everything a request writes as one transaction, together with a record of its answer. The transaction begins with the
// request's first write, so that nothing slow that comes before it is done inside; it is committed when the answer is known.
import { WorkContext } from '../telemetry/work-context.js';
import { DatabaseUnavailableError } from './database-error.js';
import type { Tx, Work } from './tx.js';

/** What surrounds the request's own writes, in their transaction. */
export interface Frame<A> {
  /** Comes before the first write; what it throws, that write throws. */
  begin(tx: Tx): Promise<void>;
  /** Comes after the last write. */
  conclude(tx: Tx, answer: A): Promise<void>;
}

type Run = (work: Work<void>) => Promise<void>;

export class Span<A = unknown> {
  private static readonly context = new WorkContext<Span>();

  /** Open between the first write and the answer. */
  private tx: Tx | undefined;
  /** Settles with the commit. */
  private transaction: Promise<void> | undefined;
  private over = false;
  /** A request may write twice at once; its transaction cannot. */
  private turn: Promise<unknown> = Promise.resolve();
  private answer: (answer: A) => void;
  private fail: (error: unknown) => void;
  private readonly answered: Promise<A>;

  constructor(private readonly frame: Frame<A>) {
    this.answered = new Promise<A>((resolve, reject) => {
      this.answer = resolve;
      this.fail = reject;
    });
    this.answered.catch(() => undefined);
  }

  /** The span of the request being served, while it can be written in. */
  static active(): Span | undefined {
    const span = Span.context.current;
    return span?.over === false ? span : undefined;
  }

  /** What the request being served has written but not committed; reads have to go through it to see it. */
  static openTransaction(): Tx | undefined {
    return Span.context.current?.tx;
  }

  enter<T>(request: () => Promise<T>): Promise<T> {
    return Span.context.run(this as Span, request);
  }

  /** @param run how the transaction is run, if this is the first write */
  write<T>(work: Work<T>, run: Run): Promise<T> {
    const result = this.turn.then(() => (this.tx ? join(this.tx, work) : this.open(work, run)));
    this.turn = result.catch(() => undefined);
    return result;
  }

  async commit(answer: A, run: Run): Promise<void> {
    await this.turn;
    if (!this.transaction) await this.open(async () => undefined, run);
    this.over = true;
    this.answer(answer);
    await this.transaction;
  }

  async rollback(cause: unknown): Promise<void> {
    await this.turn;
    this.over = true;
    this.fail(cause);
    await this.transaction?.catch(() => undefined);
  }

  /** Hands the result over while the transaction stays open. Until then it may fail, or be run again, like any other write. */
  private open<T>(work: Work<T>, run: Run): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let handedOver = false;
      this.transaction = run(async (tx) => {
        if (handedOver) throw new DatabaseUnavailableError('What was answered cannot be taken back and tried again');
        await this.frame.begin(tx);
        const result = await work(tx);
        handedOver = true;
        this.tx = tx;
        resolve(result);
        const answer = await this.answered.finally(() => (this.tx = undefined));
        await this.frame.conclude(tx, answer);
      });
      this.transaction.catch((error: unknown) => {
        if (!handedOver) this.transaction = undefined;
        reject(error);
      });
    });
  }
}

function join<T>(tx: Tx, work: Work<T>): Promise<T> {
  return tx.savepoint(() => work(tx));
}

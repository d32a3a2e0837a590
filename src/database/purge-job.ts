// Deletes what has had its day: little at a time, now and then, on every replica, with none of them in charge.
import { Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Tx } from './tx.js';
import type { UnitOfWork } from './unit-of-work.js';

const EVERY_MS = 10 * 60 * 1_000;
/** Rows of one unit of work: the other writers wait for no more than these. */
const MOST_AT_ONCE = 200;

export abstract class PurgeJob implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(this.constructor.name);
  private timer: NodeJS.Timeout | undefined;
  private stopping = false;
  private running: Promise<unknown> = Promise.resolve();

  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Deletes rows that are past their day, whoever else may be deleting them. @returns how many, at most as many as given */
  protected abstract purgeSome(tx: Tx, most: number): Promise<number>;

  /** @returns how many rows were deleted in all */
  async purge(): Promise<number> {
    let total = 0;
    for (let last = MOST_AT_ONCE; last === MOST_AT_ONCE && !this.stopping; total += last) {
      last = await this.unitOfWork.write((tx) => this.purgeSome(tx, MOST_AT_ONCE));
    }
    return total;
  }

  onApplicationBootstrap(): void {
    this.schedule();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.timer);
    await this.running;
  }

  /** At no fixed hour, so that replicas that started together do not all come at once. */
  private schedule(): void {
    if (this.stopping) return;
    this.timer = setTimeout(
      () => {
        this.running = this.purge()
          .catch((error: unknown) => this.logger.warn({ err: error }, 'Will try again later'))
          .finally(() => this.schedule());
      },
      EVERY_MS * (0.5 + Math.random()),
    ).unref();
  }
}

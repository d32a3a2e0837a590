// Hashing takes a core for a quarter of a second. As many run at once as there are cores, a bounded number waits, and past
// that callers are told to come back: a login storm must not take the rest of the service with it.
import { availableParallelism } from 'node:os';
import { Injectable } from '@nestjs/common';
import bcrypt from 'bcrypt';
import { Config } from '../config/config.js';
import { ApiError } from '../http/api-error.js';
import { QueueMetrics } from '../telemetry/queue-metrics.js';
import { traced } from '../telemetry/tracing.js';

const AT_ONCE = availableParallelism();
const MOST_WAITING = 64;
const queue = new QueueMetrics('watchlist_password_queue', 'Passwords');
/** bcrypt reads no further: what is longer is refused, never cut. */
export const LONGEST_PASSWORD_BYTES = 72;

@Injectable()
export class PasswordHasher {
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  private dummy: Promise<string> | undefined;

  constructor(private readonly config: Config) {}

  /** @throws ApiError `unavailable` when too many wait already */
  hash(password: string): Promise<string> {
    return this.gated(() => bcrypt.hash(password, this.config.bcryptCost));
  }

  /**
   * Takes the same time whether there is a hash or not: without one, a real hash of the live cost is compared.
   * @throws ApiError `unavailable` when too many wait already
   */
  async matches(password: string, hash: string | undefined): Promise<boolean> {
    const compared = hash ?? (await this.dummyHash());
    const equal = await this.gated(async () => (await bcrypt.compare(password, compared)) || this.spendTheRest(password, compared));
    return equal && hash !== undefined && Buffer.byteLength(password) <= LONGEST_PASSWORD_BYTES;
  }

  /** Whether the cost has risen since the hash was made. */
  isOutdated(hash: string): boolean {
    return bcrypt.getRounds(hash) < this.config.bcryptCost;
  }

  /** Made at start, so that the first login of an unknown address is not slower than others. */
  dummyHash(): Promise<string> {
    this.dummy ??= bcrypt.hash('nobody has this password', this.config.bcryptCost);
    return this.dummy;
  }

  /** A wrong password for a hash of a lower cost would be refused sooner than an unknown e-mail. Each cost takes as long as all below it together. */
  private async spendTheRest(password: string, hash: string): Promise<false> {
    for (let cost = bcrypt.getRounds(hash); cost < this.config.bcryptCost; cost++) await bcrypt.hash(password, cost);
    return false;
  }

  private async gated<T>(work: () => Promise<T>): Promise<T> {
    await this.enter().finally(queue.join());
    try {
      return await traced('bcrypt', {}, work);
    } finally {
      this.leave();
    }
  }

  private async enter(): Promise<void> {
    if (this.running < AT_ONCE) {
      this.running++;
      return;
    }
    if (this.waiting.length >= MOST_WAITING) throw ApiError.unavailable(2);
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  /** Hands the place to the next in line, if there is one. */
  private leave(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.running--;
  }
}

// Tries that are free, and then a wait before each next one that doubles up to a bound: guessing gets slow, and nobody is shut out for good.
import { type Counter, type RateLimitCounters } from '../http/rate-limit-counters.js';
import { type Quota, rateLimited } from '../http/rate-limits.js';

const FIRST_WAIT_SECONDS = 15;
const LONGEST_WAIT_SECONDS = 15 * 60;

export class GrowingWait {
  private readonly tries: Counter;
  private readonly waits: Counter;

  /** @param limit how many tries are free, and how long tries are remembered */
  constructor(
    private readonly limit: Quota,
    counters: RateLimitCounters,
  ) {
    this.tries = counters.create(limit.name, limit.windowSeconds);
    this.waits = counters.create(`${limit.name}-wait`, LONGEST_WAIT_SECONDS);
  }

  /** Counts a try before it is made, so that of many at once only the free ones pass. @throws ApiError `rate_limited` */
  async take(key: string, free = this.limit.quota): Promise<void> {
    const { count } = await this.tries.add(key);
    if (count < free) return;
    const wait = Math.min(FIRST_WAIT_SECONDS * 2 ** (count - free), LONGEST_WAIT_SECONDS);
    const pending = await this.waits.add(key, 1, wait);
    if (pending.count === 1) return;
    await this.giveBack(key);
    throw rateLimited(this.limit, pending.resetSeconds);
  }

  /** The try is not to be counted. A wait that it began goes on. */
  async giveBack(key: string): Promise<void> {
    await this.tries.add(key, -1);
  }

  async forget(key: string): Promise<void> {
    await Promise.all([this.tries.forget(key), this.waits.forget(key)]);
  }
}

// Where requests are counted: in Redis, so that all replicas count together, else in the process. While Redis is away each
// process counts for itself, so that no limit ends because a dependency does.
import { Injectable } from '@nestjs/common';
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';
import { SharedRedis } from '../cache/shared-redis.js';
import { Config } from '../config/config.js';

export interface Count {
  readonly count: number;
  /** When the key is forgotten and counting starts anew. */
  readonly resetSeconds: number;
}

/** Counts per key; a key lives for a fixed time from when it is first counted. */
export class Counter {
  constructor(private readonly limiter: RateLimiterAbstract) {}

  /** @param points may be 0, to read, or negative, to take back. @param lifetimeSeconds of a key that is new, in place of the counter's own */
  async add(key: string, points = 1, lifetimeSeconds?: number): Promise<Count> {
    const { consumedPoints, msBeforeNext } = await this.limiter.penalty(key, points, { customDuration: lifetimeSeconds });
    return { count: consumedPoints, resetSeconds: Math.ceil(msBeforeNext / 1_000) };
  }

  async forget(key: string): Promise<void> {
    await this.limiter.delete(key);
  }
}

@Injectable()
export class RateLimitCounters {
  constructor(
    private readonly redis: SharedRedis,
    private readonly config: Config,
  ) {}

  /** @param name tells it from other counters, in Redis too */
  create(name: string, lifetimeSeconds: number): Counter {
    // The library's own limit is not used: who counts also decides.
    const options = { points: Number.MAX_SAFE_INTEGER, duration: lifetimeSeconds };
    const memory = new RateLimiterMemory({ ...options, keyPrefix: name });
    if (!this.redis.commands) return new Counter(memory);
    return new Counter(
      new RateLimiterRedis({
        ...options,
        keyPrefix: `${this.config.redisPrefix}:limit:${name}`,
        storeClient: this.redis.commands,
        useRedisPackage: true,
        insuranceLimiter: memory,
      }),
    );
  }
}

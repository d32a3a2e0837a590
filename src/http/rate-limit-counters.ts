// Where requests are counted: in the process, and where there is Redis in it too, so that all replicas count together. While
// Redis is away, or has lost its memory, the process still knows what it counted itself: no limit ends because a dependency does.
import { Injectable } from '@nestjs/common';
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';
import { type RedisCommands, SharedRedis } from '../cache/shared-redis.js';
import { Config } from '../config/config.js';

export interface Count {
  readonly count: number;
  /** When the key is forgotten and counting starts anew. */
  readonly resetSeconds: number;
}

/** Counts per key; a key lives for a fixed time from when it is first counted. */
export class Counter {
  private readonly own: RateLimiterMemory;
  private readonly shared: RateLimiterRedis | undefined;

  constructor(name: string, lifetimeSeconds: number, redis: RedisCommands | undefined) {
    // The library's own limit is not used: whoever counts also decides.
    const options = { keyPrefix: name, duration: lifetimeSeconds, points: Number.MAX_SAFE_INTEGER };
    this.own = new RateLimiterMemory(options);
    this.shared = redis && new RateLimiterRedis({ ...options, storeClient: redis, useRedisPackage: true });
  }

  /** @param points may be 0, to read, or negative, to take back. @param lifetimeSeconds of a key that is new, in place of the counter's own */
  async add(key: string, points = 1, lifetimeSeconds?: number): Promise<Count> {
    const lifetime = { customDuration: lifetimeSeconds };
    const own = await this.own.penalty(key, points, lifetime);
    const shared = await this.shared?.penalty(key, points, lifetime).catch(() => undefined);
    const { consumedPoints, msBeforeNext } = shared && shared.consumedPoints >= own.consumedPoints ? shared : own;
    return { count: consumedPoints, resetSeconds: Math.ceil(msBeforeNext / 1_000) };
  }

  async forget(key: string): Promise<void> {
    await this.own.delete(key);
    await this.shared?.delete(key).catch(() => undefined);
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
    return new Counter(`${this.config.redisPrefix}:limit:${name}`, lifetimeSeconds, this.redis.commands);
  }
}

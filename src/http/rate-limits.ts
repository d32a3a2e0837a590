// How many requests a caller may make in a while, told in the header fields of draft-ietf-httpapi-ratelimit-headers.
// These limits only keep one caller from taking the service from the others; guessing passwords is slowed down in `auth/`.
import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';
import { ApiError } from './api-error.js';
import { networkOf } from './network.js';
import { type Counter, RateLimitCounters } from './rate-limit-counters.js';

export interface Quota {
  /** As the header fields name it. */
  readonly name: string;
  readonly quota: number;
  readonly windowSeconds: number;
}

const PER_USER: Quota = { name: 'user', quota: 3_000, windowSeconds: 60 };
/** For whoever is not authenticated, or failed to be. */
const PER_ADDRESS: Quota = { name: 'address', quota: 600, windowSeconds: 60 };

/** For the answer to a request that was counted; empty when none are. */
export type RateLimitFields = Record<string, string>;

@Injectable()
export class RateLimits {
  private readonly users: Counter;
  private readonly addresses: Counter;

  constructor(
    counters: RateLimitCounters,
    private readonly config: Config,
  ) {
    this.users = counters.create(PER_USER.name, PER_USER.windowSeconds);
    this.addresses = counters.create(PER_ADDRESS.name, PER_ADDRESS.windowSeconds);
  }

  /** @throws ApiError `rate_limited` */
  countUser(userId: string): Promise<RateLimitFields> {
    return this.count(this.users, PER_USER, userId);
  }

  /** @throws ApiError `rate_limited` */
  countAddress(ip: string): Promise<RateLimitFields> {
    return this.count(this.addresses, PER_ADDRESS, networkOf(ip));
  }

  private async count(counter: Counter, quota: Quota, key: string): Promise<RateLimitFields> {
    if (!this.config.rateLimit) return {};
    const { count, resetSeconds } = await counter.add(key);
    if (count > quota.quota) throw rateLimited(quota, resetSeconds);
    return fieldsOf(quota, quota.quota - count, resetSeconds);
  }
}

export function rateLimited(quota: Quota, retryAfterSeconds: number): ApiError {
  return new ApiError('rate_limited', {
    headers: { ...fieldsOf(quota, 0, retryAfterSeconds), 'Retry-After': String(retryAfterSeconds) },
  });
}

function fieldsOf({ name, quota, windowSeconds }: Quota, remaining: number, resetSeconds: number): RateLimitFields {
  return {
    'RateLimit-Policy': `"${name}";q=${quota};w=${windowSeconds}`,
    RateLimit: `"${name}";r=${remaining};t=${resetSeconds}`,
  };
}

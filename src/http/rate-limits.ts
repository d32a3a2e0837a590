// How many requests a caller may make in a while, told in the header fields of draft-ietf-httpapi-ratelimit-headers.
// These limits only keep one caller from taking the service from the others; guessing passwords is slowed down in `auth/`.
import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
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

function policyField({ name, quota, windowSeconds }: Quota): string {
  return `"${name}";q=${quota};w=${windowSeconds}`;
}

function standingField({ name }: Quota, remaining: number, resetSeconds: number): string {
  return `"${name}";r=${remaining};t=${resetSeconds}`;
}

export function rateLimited(quota: Quota, retryAfterSeconds: number): ApiError {
  return new ApiError('rate_limited', {
    headers: {
      'RateLimit-Policy': policyField(quota),
      RateLimit: standingField(quota, 0, retryAfterSeconds),
      'Retry-After': String(retryAfterSeconds),
    },
  });
}

@Injectable()
export class RateLimits {
  private readonly users: RateLimit;
  private readonly addresses: RateLimit;

  constructor(
    counters: RateLimitCounters,
    private readonly config: Config,
  ) {
    this.users = new RateLimit(PER_USER, counters);
    this.addresses = new RateLimit(PER_ADDRESS, counters);
  }

  /** @throws ApiError `rate_limited` */
  async countUser(userId: string, reply: FastifyReply): Promise<void> {
    if (this.config.rateLimit) await this.users.count(userId, reply);
  }

  /** @throws ApiError `rate_limited` */
  async countAddress(ip: string, reply: FastifyReply): Promise<void> {
    if (this.config.rateLimit) await this.addresses.count(networkOf(ip), reply);
  }
}

class RateLimit {
  private readonly counter: Counter;
  private readonly policy: string;

  constructor(
    private readonly quota: Quota,
    counters: RateLimitCounters,
  ) {
    this.counter = counters.create(quota.name, quota.windowSeconds);
    this.policy = policyField(quota);
  }

  async count(key: string, reply: FastifyReply): Promise<void> {
    const { count, resetSeconds } = await this.counter.add(key);
    if (count > this.quota.quota) throw rateLimited(this.quota, resetSeconds);
    reply.header('RateLimit-Policy', this.policy).header('RateLimit', standingField(this.quota, this.quota.quota - count, resetSeconds));
  }
}

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { GrowingWait } from '../../../src/auth/growing-wait.js';
import { SharedRedis } from '../../../src/cache/shared-redis.js';
import { loadConfig } from '../../../src/config/config.js';
import type { ApiError } from '../../../src/http/api-error.js';
import { RateLimitCounters } from '../../../src/http/rate-limit-counters.js';

const FREE = 3;

let wait: GrowingWait;

beforeEach(() => {
  jest.useFakeTimers();
  const counters = new RateLimitCounters(new SharedRedis(undefined), loadConfig({ JWT_SECRET: 'x'.repeat(32) }));
  wait = new GrowingWait({ name: 'test', quota: FREE, windowSeconds: 7_200 }, counters);
});
afterEach(() => {
  jest.useRealTimers();
});

/** @returns 0 when the try was let through, else how long to wait */
async function secondsToWait(key = 'key', free?: number): Promise<number> {
  try {
    await wait.take(key, free);
    return 0;
  } catch (error) {
    return Number((error as ApiError).headers['Retry-After']);
  }
}

const pass = (seconds: number): void => jest.advanceTimersByTime(seconds * 1_000);

async function useUpFreeTries(): Promise<void> {
  for (let count = 0; count < FREE; count++) expect(await secondsToWait()).toBe(0);
}

describe('GrowingWait', () => {
  it('lets the free tries through and then one after each wait, which doubles up to a quarter of an hour', async () => {
    await useUpFreeTries();
    for (const seconds of [15, 30, 60, 120, 240, 480, 900, 900]) {
      expect(await secondsToWait()).toBe(seconds);
      pass(seconds - 1);
      expect(await secondsToWait()).toBe(1);
      pass(1);
      expect(await secondsToWait()).toBe(0);
    }
  });

  it('does not wait longer for tries that were refused', async () => {
    await useUpFreeTries();
    for (let count = 0; count < 50; count++) expect(await secondsToWait()).toBe(15);
    pass(15);
    expect(await secondsToWait()).toBe(0);
    expect(await secondsToWait()).toBe(30);
  });

  it('lets no more through than are free when all come at once', async () => {
    const waits = await Promise.all(Array.from({ length: 20 }, () => secondsToWait()));
    expect(waits.filter((seconds) => seconds === 0)).toHaveLength(FREE);
  });

  it('keeps every key for itself', async () => {
    await useUpFreeTries();
    expect(await secondsToWait()).toBe(15);
    expect(await secondsToWait('another')).toBe(0);
  });

  it('begins anew when it is told to forget', async () => {
    await useUpFreeTries();
    await wait.forget('key');
    await useUpFreeTries();
    expect(await secondsToWait()).toBe(15);
  });

  it('does not count a try that is given back', async () => {
    for (let count = 0; count < 10; count++) {
      expect(await secondsToWait()).toBe(0);
      await wait.giveBack('key');
    }
    await useUpFreeTries();
  });

  it('lets the first try through even where only one is free', async () => {
    expect(await secondsToWait('key', 1)).toBe(0);
    expect(await secondsToWait('key', 1)).toBe(15);
  });

  it('forgets by itself in the end', async () => {
    await useUpFreeTries();
    pass(7_200);
    await useUpFreeTries();
    expect(await secondsToWait()).toBe(15);
  });
});

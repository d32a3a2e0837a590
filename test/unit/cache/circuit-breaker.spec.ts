import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { CacheUnavailableError } from '../../../src/cache/cache-store.js';
import { CircuitBreaker } from '../../../src/cache/circuit-breaker.js';

const TIMEOUT_MS = 150;
const PROBE_EVERY_MS = 500;

/** A dependency that does as it is told. */
class Dependency {
  state: 'up' | 'refusing' | 'silent' = 'up';
  asked = 0;

  ask(): Promise<string> {
    this.asked++;
    if (this.state === 'silent') return new Promise(() => undefined);
    return this.state === 'up' ? Promise.resolve('answer') : Promise.reject(new Error('refused'));
  }
}

describe('a circuit breaker', () => {
  let dependency: Dependency;
  let changes: string[];
  let breaker: CircuitBreaker;

  beforeEach(() => {
    jest.useFakeTimers();
    dependency = new Dependency();
    changes = [];
    breaker = new CircuitBreaker({
      timeoutMs: TIMEOUT_MS,
      probeEveryMs: PROBE_EVERY_MS,
      probe: () => dependency.ask(),
      onChange: (open, cause) => changes.push(open ? `open: ${String(cause)}` : 'closed'),
    });
  });
  afterEach(() => {
    breaker.stop();
    jest.useRealTimers();
  });

  const call = (): Promise<string> => breaker.call(() => dependency.ask());

  it('hands on what the dependency answers', async () => {
    expect(await call()).toBe('answer');
    expect(breaker.open).toBe(false);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('opens with the first failure: later calls fail at once and do not reach the dependency', async () => {
    dependency.state = 'refusing';
    await expect(call()).rejects.toThrow(CacheUnavailableError);
    dependency.asked = 0;

    await Promise.all(Array.from({ length: 10 }, () => expect(call()).rejects.toThrow(CacheUnavailableError)));

    expect(breaker.open).toBe(true);
    expect(dependency.asked).toBe(0);
    expect(changes).toEqual(['open: Error: refused']);
  });

  it('opens when the dependency throws before it promises anything', async () => {
    await expect(
      breaker.call(() => {
        throw new Error('at once');
      }),
    ).rejects.toThrow(CacheUnavailableError);

    expect(breaker.open).toBe(true);
  });

  it('waits for no answer longer than the timeout', async () => {
    dependency.state = 'silent';
    let settled = false;
    const failure = call().catch((error: unknown) => error);
    void failure.then(() => (settled = true));

    await jest.advanceTimersByTimeAsync(TIMEOUT_MS - 1);
    expect(settled).toBe(false);
    await jest.advanceTimersByTimeAsync(1);

    expect(await failure).toBeInstanceOf(CacheUnavailableError);
    expect(breaker.open).toBe(true);
  });

  it('costs calls that run together one timeout in all, and tells once', async () => {
    dependency.state = 'silent';
    const failures = Array.from({ length: 10 }, () => call().catch((error: unknown) => error));

    await jest.advanceTimersByTimeAsync(TIMEOUT_MS);

    expect((await Promise.all(failures)).every((failure) => failure instanceof CacheUnavailableError)).toBe(true);
    expect(changes).toHaveLength(1);
  });

  it('stays open while probes fail or get no answer', async () => {
    dependency.state = 'refusing';
    await call().catch(() => undefined);
    await jest.advanceTimersByTimeAsync(3 * PROBE_EVERY_MS);
    dependency.state = 'silent';
    await jest.advanceTimersByTimeAsync(3 * PROBE_EVERY_MS);

    expect(dependency.asked).toBe(1 + 6);
    expect(breaker.open).toBe(true);
    expect(changes).toHaveLength(1);
  });

  it('closes with the first probe that is answered, stops probing and lets calls through again', async () => {
    dependency.state = 'refusing';
    await call().catch(() => undefined);
    dependency.state = 'up';

    await jest.advanceTimersByTimeAsync(PROBE_EVERY_MS);

    expect(breaker.open).toBe(false);
    expect(changes).toEqual(['open: Error: refused', 'closed']);
    expect(await call()).toBe('answer');
    expect(jest.getTimerCount()).toBe(0);
  });

  it('opens anew with the next failure', async () => {
    for (const state of ['refusing', 'up', 'silent', 'up'] as const) {
      dependency.state = state;
      void call().catch(() => undefined);
      await jest.advanceTimersByTimeAsync(PROBE_EVERY_MS + TIMEOUT_MS);
    }

    expect(changes.map((change) => change.split(':')[0])).toEqual(['open', 'closed', 'open', 'closed']);
  });

  it('started open, asks nothing of the dependency before a probe is answered, and the first probe is at once', async () => {
    breaker.startOpen();

    await expect(call()).rejects.toThrow(CacheUnavailableError);
    expect(dependency.asked).toBe(1);
    await jest.advanceTimersByTimeAsync(0);

    expect(breaker.open).toBe(false);
    expect(changes).toEqual(['closed']);
  });

  it('once stopped, probes no more and stays as it is', async () => {
    dependency.state = 'refusing';
    await call().catch(() => undefined);
    breaker.stop();
    dependency.state = 'up';
    await jest.advanceTimersByTimeAsync(10 * PROBE_EVERY_MS);

    expect(dependency.asked).toBe(1);
    await expect(call()).rejects.toThrow(CacheUnavailableError);
  });
});

import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { now } from '../../../src/database/clock.js';

describe('now', () => {
  afterEach(() => void jest.useRealTimers());

  it.each([
    ['the end of a year', Date.UTC(2026, 11, 31, 23, 59, 59, 999)],
    ['the millisecond after it', Date.UTC(2027, 0, 1)],
    ['the same second again', Date.UTC(2027, 0, 1, 0, 0, 0, 7)],
    ['a clock that was put back', Date.UTC(2026, 11, 31, 23, 59, 59, 80)],
  ])('writes down %s as the standard has it', (_when, at) => {
    jest.useFakeTimers({ now: at });

    expect(now()).toBe(new Date(at).toISOString());
  });
});

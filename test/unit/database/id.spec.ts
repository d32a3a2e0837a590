import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { newId } from '../../../src/database/id.js';

const TEN_AT_ONCE = Array.from({ length: 10 });

describe('newId', () => {
  beforeEach(() => void jest.useFakeTimers({ now: Date.UTC(2099, 0, 1) }));
  afterEach(() => void jest.useRealTimers());

  it('is a UUIDv7 of this millisecond', () => {
    const id = newId();

    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(Date.now());
  });

  it('rises within a millisecond, and when the clock is put back', () => {
    const ids = TEN_AT_ONCE.map(newId);
    jest.setSystemTime(Date.now() - 60_000);
    ids.push(...TEN_AT_ONCE.map(newId));

    expect(ids).toEqual([...new Set(ids)].toSorted());
  });

  it('is not to be guessed from the one before', () => {
    const ends = Array.from({ length: 600 }, () => newId().slice(-12));

    expect(new Set(ends).size).toBe(600);
  });
});

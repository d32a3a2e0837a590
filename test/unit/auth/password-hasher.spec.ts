import { availableParallelism } from 'node:os';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import bcrypt from 'bcrypt';
import { PasswordHasher } from '../../../src/auth/password-hasher.js';
import { loadConfig } from '../../../src/config/config.js';
import { ApiError } from '../../../src/http/api-error.js';

const COST = 5;
const LONGEST_QUEUE = 64;

const newHasher = (): PasswordHasher => new PasswordHasher(loadConfig({ BCRYPT_COST: String(COST), JWT_SECRET: 's'.repeat(32) }));

afterEach(() => void jest.restoreAllMocks());

describe('a hash', () => {
  it('is bcrypt of the configured cost, with a salt of its own, and matches its password alone', async () => {
    const hasher = newHasher();
    const [one, other] = await Promise.all([hasher.hash('correct horse'), hasher.hash('correct horse')]);

    expect(one).toMatch(/^\$2b\$05\$.{53}$/);
    expect(one).not.toBe(other);
    expect(await hasher.matches('correct horse', one)).toBe(true);
    expect(await hasher.matches('correct horsf', one)).toBe(false);
  });

  it('never matches a password of more than 72 bytes, though bcrypt reads only so far', async () => {
    const hasher = newHasher();
    const longest = 'x'.repeat(72);
    const hash = await hasher.hash(longest);

    expect(await bcrypt.compare(`${longest}y`, hash)).toBe(true);
    expect(await hasher.matches(longest, hash)).toBe(true);
    expect(await hasher.matches(`${longest}y`, hash)).toBe(false);
  });
});

describe('an account that is not there', () => {
  it('costs the comparison of a whole hash of the configured cost, like any other', async () => {
    const hasher = newHasher();
    const compare = jest.spyOn(bcrypt, 'compare');

    expect(await hasher.matches('correct horse', undefined)).toBe(false);

    const [password, hash] = compare.mock.calls[0] ?? [];
    expect(password).toBe('correct horse');
    expect(bcrypt.getRounds(hash as string)).toBe(COST);
    // A hash that is not whole is not compared at all: this one is somebody's.
    expect(await bcrypt.compare('nobody has this password', hash as string)).toBe(true);
  });

  it('has no password, not even the one of the dummy', async () => {
    expect(await newHasher().matches('nobody has this password', undefined)).toBe(false);
  });
});

describe('too many at once', () => {
  it('are told to come back, and nobody else is', async () => {
    const hasher = newHasher();
    const places = availableParallelism() + LONGEST_QUEUE;

    const results = await Promise.allSettled(Array.from({ length: places + 5 }, () => hasher.hash('correct horse')));

    const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as ApiError] : []));
    expect(results.findIndex(({ status }) => status === 'rejected')).toBe(places);
    expect(refused).toHaveLength(5);
    expect(refused[0]).toMatchObject({ code: 'unavailable', status: 503, headers: { 'Retry-After': '2' } });
  });

  it('leave every place free behind them, also those whose work failed', async () => {
    const hasher = newHasher();
    const places = availableParallelism() + LONGEST_QUEUE;
    jest.spyOn(bcrypt, 'compare').mockImplementation(() => Promise.reject(new Error('bcrypt failed')));
    const failed = await Promise.allSettled(Array.from({ length: places }, () => hasher.matches('x', 'y')));
    jest.restoreAllMocks();

    const after = await Promise.allSettled(Array.from({ length: places }, () => hasher.hash('correct horse')));

    expect(failed.every(({ status }) => status === 'rejected')).toBe(true);
    expect(after.every(({ status }) => status === 'fulfilled')).toBe(true);
  });

  it('never hash more at once than there are cores', async () => {
    const hasher = newHasher();
    const { hash } = bcrypt;
    let running = 0;
    let most = 0;
    jest.spyOn(bcrypt, 'hash').mockImplementation(async (password: string | Buffer, cost: string | number) => {
      most = Math.max(most, ++running);
      return hash(password, cost).finally(() => running--);
    });

    await Promise.all(Array.from({ length: 30 }, () => hasher.hash('correct horse')));

    expect(most).toBe(availableParallelism());
  });
});

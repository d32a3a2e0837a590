// The port behind which the cache varies: the process's own memory, or a Redis that replicas share.

/** The store did not answer in time or at all; whoever asked goes on without it. */
export class CacheUnavailableError extends Error {
  constructor(cause?: unknown) {
    super('The cache is unavailable', { cause });
    this.name = 'CacheUnavailableError';
  }
}

export abstract class CacheStore {
  abstract readonly engine: 'memory' | 'redis' | 'none';

  /** Values in the order of the keys, read at one moment. @throws CacheUnavailableError */
  abstract getMany(keys: readonly string[]): Promise<(string | undefined)[]>;

  /** @param ttlMs how long the value may be kept; it may be dropped at any time before. @throws CacheUnavailableError */
  abstract set(key: string, value: string, ttlMs: number): Promise<void>;

  /** @throws CacheUnavailableError */
  abstract ping(): Promise<void>;

  /** Resolves when the store can be used, and after a bounded time in any case: what is written before, other processes are not told. */
  async ready(): Promise<void> {}

  /** Forgets what only this process knows, because another one wrote to the database behind its back. */
  forgetLocal(): void {}

  abstract close(): Promise<void>;
}

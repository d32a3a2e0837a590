// No cache: replicas that share a database but no Redis cannot tell each other of their writes, and a memory of their own would lie.
import { CacheStore, CacheUnavailableError } from './cache-store.js';

export class NoStore extends CacheStore {
  readonly engine = 'none';

  async getMany(): Promise<never> {
    throw new CacheUnavailableError();
  }

  async set(): Promise<never> {
    throw new CacheUnavailableError();
  }

  async ping(): Promise<void> {}

  async close(): Promise<void> {}
}

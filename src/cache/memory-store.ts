// The cache of a process that is the only one to write: bounded in bytes, the least recently used goes first.
import { LRUCache } from 'lru-cache';
import { CacheStore } from './cache-store.js';

const MOST_BYTES = 64 * 1024 * 1024;
/** What an entry costs beside its text, roughly. */
const ENTRY_OVERHEAD_BYTES = 200;

interface Entry {
  readonly value: string;
  /** In milliseconds since 1970. */
  readonly until: number;
}

export class MemoryStore extends CacheStore {
  readonly engine = 'memory';
  /** Their lifetimes are kept here: what the library does for its own, it does with every look. */
  private readonly entries = new LRUCache<string, Entry>({
    maxSize: MOST_BYTES,
    // Two bytes a UTF-16 unit at worst.
    sizeCalculation: ({ value }, key) => (value.length + key.length) * 2 + ENTRY_OVERHEAD_BYTES,
  });

  async getMany(keys: readonly string[]): Promise<(string | undefined)[]> {
    const now = Date.now();
    return keys.map((key) => {
      const entry = this.entries.get(key);
      return entry && entry.until > now ? entry.value : undefined;
    });
  }

  async set(key: string, value: string, ttlMs: number): Promise<void> {
    this.entries.set(key, { value, until: Date.now() + ttlMs });
  }

  async ping(): Promise<void> {}

  override forgetLocal(): void {
    this.entries.clear();
  }

  async close(): Promise<void> {
    this.forgetLocal();
  }
}

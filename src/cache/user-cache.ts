// A cache that never lies. Everything stored belongs to a user and carries the generation the user had *before* the database
// was asked; a write sets a new random generation before it is acknowledged. So what a slow reader stores after a write is dead
// on arrival, and a read that starts after an acknowledged write can never be answered with what was there before.
import { hash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';
import { traced } from '../telemetry/tracing.js';
import { countLookup } from './cache-metrics.js';
import { CacheStore } from './cache-store.js';

/** How long an entry may be served. */
const ENTRY_TTL_MS = 30_000;
/** Longer than any entry lives; when it ends, the entries are only missed. */
const GENERATION_TTL_MS = 3_600_000;
/** In characters: a longer name is hashed to bound the key; hashing each would cost a hit more than finding it. Names have a space, hashes none. */
const LONGEST_NAME = 128;
const SETTLE_EVERY_MS = 500;

export type CacheState = 'HIT' | 'MISS' | 'BYPASS';

/** @param fill stores what the database answered; does nothing on a bypass and never throws */
export type Lookup =
  { readonly state: 'HIT'; readonly value: string } | { readonly state: 'MISS' | 'BYPASS'; fill(value: string): Promise<void> };

const BYPASS: Lookup = { state: 'BYPASS', fill: async () => undefined };

@Injectable()
export class UserCache {
  /** Users whose new generation could not be stored, and until when their entries elsewhere may be stale. */
  private readonly unsettled = new Map<string, number>();
  private settling: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: CacheStore,
    private readonly config: Config,
  ) {}

  get engine(): CacheStore['engine'] {
    return this.store.engine;
  }

  /** @param name what is looked up: its kind, a space, and which one, such as the canonical query of a list */
  async find(userId: string, name: string): Promise<Lookup> {
    const found = await traced('cache find', {}, () => this.lookUp(userId, name));
    countLookup(name, found.state);
    return found;
  }

  private async lookUp(userId: string, name: string): Promise<Lookup> {
    if (this.unsettled.size > 0 && !(await this.settle(userId))) return BYPASS;
    const generationKey = this.generationKey(userId);
    const entryKey = this.entryKey(userId, name);
    try {
      const [generation, entry] = await this.store.getMany([generationKey, entryKey]);
      if (generation !== undefined && entry?.startsWith(generation)) return { state: 'HIT', value: entry.slice(generation.length) };
      // Without a generation nothing may be stored, so the reader sets one, and before the database is asked.
      const current = generation ?? (await this.renew(userId));
      return { state: 'MISS', fill: (value) => this.fill(entryKey, current + value) };
    } catch {
      return BYPASS;
    }
  }

  /**
   * Makes everything stored for the user dead. To be awaited before the write is acknowledged. Never throws: when the store is
   * away, this process bypasses the cache for the user until the new generation got through or every old entry has expired.
   */
  async invalidate(userId: string): Promise<void> {
    const before = this.unsettled.get(userId);
    if (await traced('cache invalidate', {}, () => this.tryToRenew(userId))) return this.settled(userId, before);
    this.unsettled.set(userId, Date.now() + ENTRY_TTL_MS);
    this.settleSoon();
  }

  /** Tells the store again what it could not be told when it was written. @returns whether nothing is owed any more */
  async settleAll(): Promise<boolean> {
    for (const userId of this.unsettled.keys()) await this.settle(userId);
    return this.unsettled.size === 0;
  }

  /** To be called when another process may have written to the same database. */
  forgetLocal(): void {
    this.store.forgetLocal();
  }

  /** @throws CacheUnavailableError */
  ping(): Promise<void> {
    return this.store.ping();
  }

  /** Not only when the user comes back to this process: the others serve the old entries until they are told. */
  private settleSoon(): void {
    this.settling ??= setTimeout(() => {
      this.settling = undefined;
      void this.settleAll().then((settled) => settled || this.settleSoon());
    }, SETTLE_EVERY_MS).unref();
  }

  private async settle(userId: string): Promise<boolean> {
    const until = this.unsettled.get(userId);
    if (until === undefined) return true;
    if (Date.now() > until || (await this.tryToRenew(userId))) this.settled(userId, until);
    return !this.unsettled.has(userId);
  }

  /** Unless another write failed to get through meanwhile: its generation is still owed. */
  private settled(userId: string, before: number | undefined): void {
    if (this.unsettled.get(userId) === before) this.unsettled.delete(userId);
  }

  private tryToRenew(userId: string): Promise<boolean> {
    return this.renew(userId).then(
      () => true,
      () => false,
    );
  }

  private async renew(userId: string): Promise<string> {
    const generation = randomBytes(12).toString('base64url');
    await this.store.set(this.generationKey(userId), generation, GENERATION_TTL_MS);
    return generation;
  }

  private async fill(entryKey: string, value: string): Promise<void> {
    await this.store.set(entryKey, value, ENTRY_TTL_MS).catch(() => undefined);
  }

  /** The braces keep a user's keys in one slot of a Redis cluster. */
  private generationKey(userId: string): string {
    return `${this.config.redisPrefix}:{${userId}}:generation`;
  }

  private entryKey(userId: string, name: string): string {
    return `${this.config.redisPrefix}:{${userId}}:${name.length > LONGEST_NAME ? hash('sha256', name, 'base64url') : name}`;
  }
}

// A cache that never lies. Everything stored belongs to a user and is of a kind, and carries the generation that the user's kind
// had *before* the database was asked; a write sets a new random generation before it is acknowledged. So what a slow reader
// stores after a write is dead on arrival, and a read that starts after an acknowledged write can never be answered with what
// was there before.
import { hash, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';
import { traced } from '../telemetry/tracing.js';
import { countLookup } from './cache-metrics.js';
import { CacheStore } from './cache-store.js';

/** How long an entry may be served. */
const ENTRY_TTL_MS = 30_000;
/** Longer than any entry lives; when it ends, the entries are only missed. */
const GENERATION_TTL_MS = 3_600_000;
/** In characters: a longer name is hashed to bound the key; hashing each would cost a hit more than finding it. */
const LONGEST_NAME = 128;
const SETTLE_EVERY_MS = 500;

/** What a user has there: who they are, and their lists. A write of the one leaves the other as it is. */
const KINDS = ['identity', 'list'] as const;
export type CacheKind = (typeof KINDS)[number];

export type CacheState = 'HIT' | 'MISS' | 'BYPASS';

/** @param fill stores what the database answered; does nothing on a bypass and never throws */
export type Lookup =
  { readonly state: 'HIT'; readonly value: string } | { readonly state: 'MISS' | 'BYPASS'; fill(value: string): Promise<void> };

const BYPASS: Lookup = { state: 'BYPASS', fill: async () => undefined };

@Injectable()
export class UserCache {
  /** The keys of new generations that could not be stored, and until when entries of theirs elsewhere may be stale. */
  private readonly unsettled = new Map<string, number>();
  private settling: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: CacheStore,
    private readonly config: Config,
  ) {}

  get engine(): CacheStore['engine'] {
    return this.store.engine;
  }

  /** @param name which of the kind: the canonical query of a list, the id of a credential */
  find(userId: string, kind: CacheKind, name: string): Promise<Lookup> {
    return traced('cache find', {}, async () => {
      const found = await this.lookUp(this.keysOf(userId, kind), name);
      countLookup(kind, found.state);
      return found;
    });
  }

  private async lookUp(keys: string, name: string): Promise<Lookup> {
    const generationKey = `${keys}generation`;
    const entryKey = `${keys}${name.length > LONGEST_NAME ? hash('sha256', name, 'base64url') : name}`;
    if (this.unsettled.size > 0 && !(await this.settle(generationKey))) return BYPASS;
    try {
      const [generation, entry] = await this.store.getMany([generationKey, entryKey]);
      if (generation !== undefined && entry?.startsWith(generation)) return { state: 'HIT', value: entry.slice(generation.length) };
      // Without a generation nothing may be stored, so the reader sets one, and before the database is asked.
      const current = generation ?? (await this.renew(generationKey));
      return { state: 'MISS', fill: (value) => this.fill(entryKey, current + value) };
    } catch {
      return BYPASS;
    }
  }

  /**
   * Makes everything of the kind that is stored for the user dead. To be awaited before the write is acknowledged. Never throws:
   * when the store is away, this process bypasses it until the new generation got through or every old entry has expired.
   */
  async invalidate(userId: string, kind: CacheKind): Promise<void> {
    const generationKey = `${this.keysOf(userId, kind)}generation`;
    const before = this.unsettled.get(generationKey);
    if (await traced('cache invalidate', {}, () => this.tryToRenew(generationKey))) return this.settled(generationKey, before);
    this.unsettled.set(generationKey, Date.now() + ENTRY_TTL_MS);
    this.settleSoon();
  }

  /** The same for everything that is stored for the user. */
  async invalidateAll(userId: string): Promise<void> {
    await Promise.all(KINDS.map((kind) => this.invalidate(userId, kind)));
  }

  /** Tells the store again what it could not be told when it was written. @returns whether nothing is owed any more */
  async settleAll(): Promise<boolean> {
    for (const generationKey of this.unsettled.keys()) await this.settle(generationKey);
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

  private async settle(generationKey: string): Promise<boolean> {
    const until = this.unsettled.get(generationKey);
    if (until === undefined) return true;
    if (Date.now() > until || (await this.tryToRenew(generationKey))) this.settled(generationKey, until);
    return !this.unsettled.has(generationKey);
  }

  /** Unless another write failed to get through meanwhile: its generation is still owed. */
  private settled(generationKey: string, before: number | undefined): void {
    if (this.unsettled.get(generationKey) === before) this.unsettled.delete(generationKey);
  }

  private tryToRenew(generationKey: string): Promise<boolean> {
    return this.renew(generationKey).then(
      () => true,
      () => false,
    );
  }

  private async renew(generationKey: string): Promise<string> {
    const generation = randomUUID();
    await this.store.set(generationKey, generation, GENERATION_TTL_MS);
    return generation;
  }

  private async fill(entryKey: string, value: string): Promise<void> {
    await this.store.set(entryKey, value, ENTRY_TTL_MS).catch(() => undefined);
  }

  /** What the keys of the generation and of its entries begin with. The braces keep them in one slot of a Redis cluster. */
  private keysOf(userId: string, kind: CacheKind): string {
    return `${this.config.redisPrefix}:{${userId}}:${kind} `;
  }
}

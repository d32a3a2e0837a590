// The cache that replicas share. Redis is never waited for: every command is bounded, none is queued while the
// connection is down, and after the first failure only a probe asks until it answers again.
import { once } from 'node:events';
import { Logger } from '@nestjs/common';
import KeyvRedis, { createClient } from '@keyv/redis';
import { showBreaker } from './cache-metrics.js';
import { CacheStore } from './cache-store.js';
import { CircuitBreaker } from './circuit-breaker.js';
import type { RedisCommands } from './shared-redis.js';

const COMMAND_TIMEOUT_MS = 150;
const PROBE_EVERY_MS = 500;
const CONNECT_TIMEOUT_MS = 1_000;
/** How long a start waits for the first connection, unless it is refused before. */
const START_PATIENCE_MS = 1_000;
const LONGEST_RECONNECT_PAUSE_MS = 1_000;
/** A connection that is silent for this long, pings unanswered, is dead: it is closed and made anew. */
const SILENCE_MS = 3_000;

export class RedisStore extends CacheStore {
  readonly engine = 'redis';
  readonly commands: RedisCommands = {
    eval: (script, options) => this.breaker.call(() => this.client.eval(script, options)),
    del: (key) => this.breaker.call(() => this.client.del(key)),
  };
  private readonly logger = new Logger('Redis');
  private readonly client;
  private readonly keyv: KeyvRedis<string>;
  private readonly breaker: CircuitBreaker;
  private unansweredPing: Promise<unknown> | undefined;

  constructor(url: string) {
    super();
    this.client = createClient({
      url,
      disableOfflineQueue: true,
      pingInterval: SILENCE_MS / 3,
      socket: {
        connectTimeout: CONNECT_TIMEOUT_MS,
        socketTimeout: SILENCE_MS,
        reconnectStrategy: (attempt: number) => Math.min(50 * 2 ** attempt, LONGEST_RECONNECT_PAUSE_MS),
      },
    });
    // Without a listener an error of the connection would end the process; the breaker reports the change.
    this.client.on('error', (error: Error) => this.logger.debug(error.message));
    this.keyv = new KeyvRedis(this.client, { throwOnErrors: true, noNamespaceAffectsAll: false });
    this.breaker = new CircuitBreaker({
      timeoutMs: COMMAND_TIMEOUT_MS,
      probeEveryMs: PROBE_EVERY_MS,
      probe: () => this.pingOnce(),
      onChange: (open, cause) => {
        showBreaker(open);
        if (open) this.logger.warn(`Unavailable, going on without it: ${String(cause)}`);
        else this.logger.log('Available');
      },
    });
    // Resolves only once connected, and goes on trying: nobody waits for it.
    void this.client.connect().catch((error: Error) => this.logger.debug(error.message));
    this.breaker.startOpen();
    showBreaker(true);
  }

  override async ready(): Promise<void> {
    const patience = AbortSignal.timeout(START_PATIENCE_MS);
    if (!this.client.isReady) await once(this.client, 'ready', { signal: patience }).catch(() => undefined);
    await this.breaker.probeNow();
  }

  getMany(keys: readonly string[]): Promise<(string | undefined)[]> {
    return this.breaker.call(() => this.keyv.getMany<string>([...keys]));
  }

  set(key: string, value: string, ttlMs: number): Promise<void> {
    return this.breaker.call(() => this.keyv.set(key, value, ttlMs));
  }

  async ping(): Promise<void> {
    await this.breaker.call(() => this.client.ping());
  }

  /** Never a second one while the first is unanswered: each would count as activity of a connection that is dead. */
  private pingOnce(): Promise<unknown> {
    this.unansweredPing ??= this.client.ping().finally(() => {
      this.unansweredPing = undefined;
    });
    return this.unansweredPing;
  }

  async close(): Promise<void> {
    this.breaker.stop();
    this.client.destroy();
  }
}

// How the service and what it depends on are doing.
import { Injectable } from '@nestjs/common';
import sql from 'sql-template-tag';
import { UserCache } from '../cache/user-cache.js';
import { VERSION } from '../config/version.js';
import { Reader } from '../database/reader.js';
import { Lifecycle } from './lifecycle.js';
import type { HealthReport } from './health.dto.js';

interface Check {
  readonly up: boolean;
  readonly latencyMs: number;
}

@Injectable()
export class HealthService {
  constructor(
    private readonly reader: Reader,
    private readonly cache: UserCache,
    private readonly lifecycle: Lifecycle,
  ) {}

  /** Without the database, or while stopping, the service is down; without the cache it is only slower. */
  async report(): Promise<HealthReport> {
    const [database, cache] = await Promise.all([timed(() => this.reader.one(sql`SELECT 1 AS up`)), timed(() => this.cache.ping())]);
    const down = !database.up || this.lifecycle.stopping;
    return {
      status: down ? 'down' : cache.up ? 'ok' : 'degraded',
      version: VERSION,
      uptime_seconds: Math.floor(process.uptime()),
      checks: {
        database: { status: database.up ? 'up' : 'down', engine: this.reader.engine, latency_ms: database.latencyMs },
        cache: { status: cache.up ? 'up' : 'down', engine: this.cache.engine, latency_ms: cache.latencyMs },
      },
    };
  }
}

async function timed(check: () => Promise<unknown>): Promise<Check> {
  const start = performance.now();
  const up = await check().then(
    () => true,
    () => false,
  );
  return { up, latencyMs: Math.round((performance.now() - start) * 100) / 100 };
}

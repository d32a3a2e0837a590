// How far the sealing of the audit trail is behind, asked of the database when somebody looks.
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import sql from 'sql-template-tag';
import { Reader } from '../database/reader.js';
import { ScrapedGauge } from '../telemetry/scraped-gauge.js';

const unsealed = new ScrapedGauge('watchlist_audit_unsealed_entries', 'Audit entries that are committed and not sealed yet.');
const lag = new ScrapedGauge('watchlist_audit_seal_lag_seconds', 'Age of the oldest audit entry that is not sealed yet.');

@Injectable()
export class AuditMetrics implements OnModuleInit, OnModuleDestroy {
  private ends: (() => void)[] = [];

  constructor(private readonly reader: Reader) {}

  onModuleInit(): void {
    this.ends = [unsealed.add(() => this.countUnsealed()), lag.add(() => this.ageOfOldest())];
  }

  onModuleDestroy(): void {
    for (const end of this.ends) end();
  }

  private async countUnsealed(): Promise<number> {
    const row = await this.reader.one<{ count: number | string }>(sql`SELECT count(*) AS count FROM audit_entries WHERE seq IS NULL`);
    return Number(row?.count);
  }

  /** In seconds. */
  private async ageOfOldest(): Promise<number> {
    const row = await this.reader.one<{ at: string | null }>(sql`SELECT min(at) AS at FROM audit_entries WHERE seq IS NULL`);
    return row?.at ? Math.max(0, Date.now() - Date.parse(row.at)) / 1_000 : 0;
  }
}

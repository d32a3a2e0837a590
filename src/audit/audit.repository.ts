import { Injectable } from '@nestjs/common';
import sql, { type Sql } from 'sql-template-tag';
import { where } from '../database/conditions.js';
import { Reader } from '../database/reader.js';
import type { Tx } from '../database/tx.js';
import { AuditEntry } from './audit-entry.entity.js';
import type { AuditFilter } from './dto/audit-query.dto.js';

/** A row as it is stored: its names are those on the wire. */
export interface AuditRow {
  readonly id: string;
  readonly seq: number | null;
  readonly at: string;
  readonly actor_id: string | null;
  readonly action: string;
  readonly target_type: string;
  readonly target_id: string | null;
  readonly changes: string;
  readonly request_id: string | null;
  readonly ip: string | null;
}

@Injectable()
export class AuditRepository {
  constructor(private readonly reader: Reader) {}

  async insert(tx: Tx, entry: AuditEntry): Promise<void> {
    await tx.repository(AuditEntry).insert(entry);
  }

  /** Newest first. @param before only entries older than the one with this id */
  listPage(filter: AuditFilter, before: string | undefined, limit: number): Promise<AuditRow[]> {
    const conditions: Sql[] = [];
    if (filter.actor_id !== undefined) conditions.push(sql`actor_id = ${filter.actor_id}`);
    if (filter.action !== undefined) conditions.push(sql`action = ${filter.action}`);
    if (filter.target_id !== undefined) conditions.push(sql`target_id = ${filter.target_id}`);
    if (filter.since !== undefined) conditions.push(sql`at >= ${filter.since}`);
    if (filter.until !== undefined) conditions.push(sql`at < ${filter.until}`);
    if (before !== undefined) conditions.push(sql`id < ${before}`);
    return this.reader.all<AuditRow>(sql`
      SELECT id, seq, at, actor_id, action, target_type, target_id, changes, request_id, ip
      FROM audit_entries ${where(conditions)} ORDER BY id DESC LIMIT ${limit}`);
  }
}

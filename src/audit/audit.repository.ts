import { Injectable } from '@nestjs/common';
import sql, { join, raw, type Sql } from 'sql-template-tag';
import { where } from '../database/conditions.js';
import { Reader } from '../database/reader.js';
import type { Tx } from '../database/tx.js';
import { BEFORE_FIRST, type Seal } from './audit-chain.js';
import { AuditEntry } from './audit-entry.entity.js';
import type { AuditRow, SealedRow } from './audit-row.js';
import type { AuditFilter } from './dto/audit-query.dto.js';

const COLUMNS = raw('id, seq, at, actor_id, action, target_type, target_id, changes, request_id, ip');

@Injectable()
export class AuditRepository {
  constructor(private readonly reader: Reader) {}

  async insert(tx: Tx, entry: AuditEntry): Promise<void> {
    await tx.insert(AuditEntry, entry);
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
    return this.reader.all<AuditRow>(sql`SELECT ${COLUMNS} FROM audit_entries ${where(conditions)} ORDER BY id DESC LIMIT ${limit}`);
  }

  async hasUnsealed(): Promise<boolean> {
    return (await this.reader.one(sql`SELECT 1 AS found FROM audit_entries WHERE seq IS NULL LIMIT 1`)) !== undefined;
  }

  /** Oldest first. */
  async listUnsealed(tx: Tx, limit: number): Promise<AuditRow[]> {
    return (await tx.run<AuditRow>(sql`SELECT ${COLUMNS} FROM audit_entries WHERE seq IS NULL ORDER BY at, id LIMIT ${limit}`)).rows;
  }

  async findLastSeal(tx: Tx): Promise<Seal> {
    const { rows } = await tx.run<Seal>(sql`SELECT seq, hash FROM audit_entries WHERE seq IS NOT NULL ORDER BY seq DESC LIMIT 1`);
    return rows[0] ?? BEFORE_FIRST;
  }

  /** @throws Error when one of them is not there */
  async seal(tx: Tx, sealed: readonly (Seal & { readonly id: string })[]): Promise<void> {
    let left = [...sealed];
    while (left.length > 0) {
      // Few different lengths, so that the engine meets few different statements and keeps them prepared.
      const together = left.splice(0, 2 ** Math.floor(Math.log2(left.length)));
      const { affected } = await tx.run(sql`
        WITH sealed (id, seq, hash) AS (VALUES ${join(together.map(({ id, seq, hash }) => sql`(${id}, ${seq}, ${hash})`))})
        UPDATE audit_entries SET seq = CAST(sealed.seq AS integer), hash = sealed.hash FROM sealed WHERE audit_entries.id = sealed.id`);
      if (affected !== together.length) throw new Error('An audit entry went away while it was being sealed');
    }
  }

  /** In the order of their seals. @param after the `seq` they come after; none, to begin with the very first */
  listSealed(after: number | undefined, limit: number): Promise<SealedRow[]> {
    const place = after === undefined ? sql`seq IS NOT NULL` : sql`seq > ${after}`;
    return this.reader.all<SealedRow>(sql`SELECT ${COLUMNS}, hash FROM audit_entries WHERE ${place} ORDER BY seq LIMIT ${limit}`);
  }

  /** The highest `seq`; 0 without one. */
  async findHighestSeq(): Promise<number> {
    return (await this.reader.one<{ seq: number | null }>(sql`SELECT max(seq) AS seq FROM audit_entries`))?.seq ?? 0;
  }

  async findHashOf(seq: number): Promise<string | undefined> {
    return (await this.reader.one<{ hash: string }>(sql`SELECT hash FROM audit_entries WHERE seq = ${seq}`))?.hash;
  }

  async findSeqOf(id: string): Promise<number | undefined> {
    return (await this.reader.one<{ seq: number | null }>(sql`SELECT seq FROM audit_entries WHERE id = ${id}`))?.seq ?? undefined;
  }
}

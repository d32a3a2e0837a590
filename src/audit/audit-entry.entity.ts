import { Entity, Index, Unique } from 'typeorm';
import { IdColumn, InstantColumn, IntegerColumn, ReferenceColumn, TextColumn, VarcharColumn } from '../database/columns.js';

@Entity('audit_entries')
@Unique('uq_audit_entries_seq', ['seq'])
@Index('ix_audit_entries_actor_id', ['actorId', 'id'])
@Index('ix_audit_entries_target_id', ['targetId', 'id'])
export class AuditEntry {
  @IdColumn()
  id: string;

  /** The place in the sealed trail; `null` until it is sealed. */
  @IntegerColumn('seq', { nullable: true })
  seq: number | null;

  /** SHA-256 over this entry and the hash of the one before, in hexadecimal; `null` until it is sealed. */
  @VarcharColumn('hash', 64, { nullable: true })
  hash: string | null;

  @InstantColumn('at')
  at: string;

  @ReferenceColumn('actor_id', { nullable: true })
  actorId: string | null;

  @VarcharColumn('action', 32)
  action: string;

  @VarcharColumn('target_type', 16)
  targetType: string;

  @VarcharColumn('target_id', 36, { nullable: true })
  targetId: string | null;

  /** JSON: `{field: [before, after]}`. */
  @TextColumn('changes')
  changes: string;

  @VarcharColumn('request_id', 128, { nullable: true })
  requestId: string | null;

  @VarcharColumn('ip', 45, { nullable: true })
  ip: string | null;
}

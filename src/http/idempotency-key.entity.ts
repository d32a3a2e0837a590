import { Entity, ForeignKey, Index, Unique } from 'typeorm';
import { IdColumn, InstantColumn, ReferenceColumn, TextColumn, VarcharColumn } from '../database/columns.js';

/** A request that was answered, and must not be carried out again. */
@Entity('idempotency_keys')
@Unique('uq_idempotency_keys_key', ['userId', 'key'])
@Index('ix_idempotency_keys_created_at', ['createdAt'])
export class IdempotencyKey {
  @IdColumn()
  id: string;

  @ReferenceColumn('user_id')
  @ForeignKey('users', 'id', { name: 'fk_idempotency_keys_user_id', onDelete: 'CASCADE' })
  userId: string;

  /** As the caller gave it. */
  @VarcharColumn('idempotency_key', 128)
  key: string;

  /** What was asked: a keyed hash, since a body may hold a password. */
  @VarcharColumn('fingerprint', 43)
  fingerprint: string;

  /** Status, headers and body: encrypted, since a body may hold a token that is shown only once. */
  @TextColumn('answer')
  answer: string;

  @InstantColumn('created_at')
  createdAt: string;
}

import { Entity, ForeignKey, Index, Unique } from 'typeorm';
import { IdColumn, InstantColumn, ReferenceColumn, VarcharColumn } from '../database/columns.js';

/** A key to the API for a script. The token itself is shown once and not kept. */
@Entity('personal_access_tokens')
@Unique('uq_personal_access_tokens_token_hash', ['tokenHash'])
@Index('ix_personal_access_tokens_user_id', ['userId', 'id'])
export class PersonalAccessToken {
  @IdColumn()
  id: string;

  @ReferenceColumn('user_id')
  @ForeignKey('users', 'id', { name: 'fk_personal_access_tokens_user_id', onDelete: 'CASCADE' })
  userId: string;

  @VarcharColumn('name', 100)
  name: string;

  /** How the token begins, so that its owner can tell which one it is. */
  @VarcharColumn('prefix', 16)
  prefix: string;

  @VarcharColumn('token_hash', 43)
  tokenHash: string;

  /** Separated by commas. */
  @VarcharColumn('scopes', 32)
  scopes: string;

  @InstantColumn('created_at')
  createdAt: string;

  @InstantColumn('expires_at', { nullable: true })
  expiresAt: string | null;

  @InstantColumn('last_used_at', { nullable: true })
  lastUsedAt: string | null;
}

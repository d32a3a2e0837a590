import { Entity, ForeignKey, Index } from 'typeorm';
import { IdColumn, InstantColumn, IntegerColumn, ReferenceColumn, VarcharColumn } from '../database/columns.js';

/** One login. It lives in the database, so that ending it bites on the very next request, on every instance. */
@Entity('sessions')
@Index('ix_sessions_user_id', ['userId'])
export class Session {
  @IdColumn()
  id: string;

  @ReferenceColumn('user_id')
  @ForeignKey('users', 'id', { name: 'fk_sessions_user_id', onDelete: 'CASCADE' })
  userId: string;

  @InstantColumn('created_at')
  createdAt: string;

  @InstantColumn('last_used_at')
  lastUsedAt: string;

  /** However busy it is, it ends then. */
  @InstantColumn('expires_at')
  expiresAt: string;

  @InstantColumn('ended_at', { nullable: true })
  endedAt: string | null;

  /** How often it was refreshed: the number of the one refresh token that is good. */
  @IntegerColumn('refresh_count')
  refreshCount: number;

  @VarcharColumn('ip', 45, { nullable: true })
  ip: string | null;

  @VarcharColumn('user_agent', 256, { nullable: true })
  userAgent: string | null;
}

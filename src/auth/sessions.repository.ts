import { Injectable } from '@nestjs/common';
import sql, { type Sql } from 'sql-template-tag';
import { Config } from '../config/config.js';
import { now, secondsFromNow } from '../database/clock.js';
import { Reader } from '../database/reader.js';
import type { Tx } from '../database/tx.js';
import type { Role } from '../http/access.js';
import type { LiveIdentity } from './credential.js';
import { Session } from './session.entity.js';

interface ActorRow {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly created_at: string;
  readonly expires_at: string;
  readonly last_used_at: string;
}

/** A row as it is stored: its names are those on the wire. */
export interface SessionRow {
  readonly id: string;
  readonly created_at: string;
  readonly last_used_at: string;
  readonly ip: string | null;
  readonly user_agent: string | null;
}

interface LivingRow {
  readonly user_id: string;
  readonly refresh_count: number;
  readonly last_used_at: string;
}

/** What is needed of a session to go on with it. */
export type LivingSession = Pick<Session, 'id' | 'userId' | 'refreshCount' | 'lastUsedAt'>;

@Injectable()
export class SessionsRepository {
  constructor(
    private readonly reader: Reader,
    private readonly config: Config,
  ) {}

  async insert(tx: Tx, session: Session): Promise<void> {
    await tx.insert(Session, session);
  }

  /** The account behind a session, if the session is alive and the account enabled. One statement: it stands before every request. */
  async findIdentity(sessionId: string, userId: string): Promise<LiveIdentity | undefined> {
    const row = await this.reader.one<ActorRow>(sql`
      SELECT users.id, users.email, users.role, users.created_at, sessions.expires_at, sessions.last_used_at
      FROM sessions JOIN users ON users.id = sessions.user_id
      WHERE sessions.id = ${sessionId} AND users.id = ${userId} AND users.disabled_at IS NULL AND ${this.alive()}`);
    if (!row) return undefined;
    const idleUntil = Date.parse(row.last_used_at) + this.config.sessionIdleTtl * 1_000;
    return {
      identity: { id: row.id, email: row.email, role: row.role, createdAt: row.created_at, sessionId },
      until: Math.min(idleUntil, Date.parse(row.expires_at)),
    };
  }

  /** Whose session it is, alive or not. */
  async findOwner(id: string): Promise<string | undefined> {
    return (await this.reader.one<{ user_id: string }>(sql`SELECT user_id FROM sessions WHERE id = ${id}`))?.user_id;
  }

  /** Living sessions, newest first. @param before only those older than the one with this id */
  listPage(userId: string, before: string | undefined, limit: number): Promise<SessionRow[]> {
    return this.reader.all<SessionRow>(sql`
      SELECT id, created_at, last_used_at, ip, user_agent FROM sessions
      WHERE user_id = ${userId} AND ${this.alive()} ${before === undefined ? sql`` : sql`AND id < ${before}`}
      ORDER BY id DESC LIMIT ${limit}`);
  }

  /** The session, if it is alive and its account enabled. */
  async findLiving(tx: Tx, id: string): Promise<LivingSession | undefined> {
    const { rows } = await tx.run<LivingRow>(sql`
      SELECT user_id, refresh_count, last_used_at FROM sessions WHERE id = ${id} AND ${this.alive()} AND ${OF_ENABLED_ACCOUNT}`);
    const [row] = rows;
    return row && { id, userId: row.user_id, refreshCount: row.refresh_count, lastUsedAt: row.last_used_at };
  }

  /**
   * Makes the next refresh token the good one. One conditional statement: of many at once only one gets through.
   * @returns whether the token with this number was the good one
   */
  async advance(tx: Tx, id: string, count: number, { ip, userAgent }: Pick<Session, 'ip' | 'userAgent'>): Promise<boolean> {
    const { affected } = await tx.run(sql`
      UPDATE sessions SET refresh_count = refresh_count + 1, last_used_at = ${now()}, ip = ${ip}, user_agent = ${userAgent}
      WHERE id = ${id} AND refresh_count = ${count} AND ${this.alive()} AND ${OF_ENABLED_ACCOUNT}`);
    return affected === 1;
  }

  /** @returns whether there was such a living session of this user */
  async end(tx: Tx, id: string, userId: string): Promise<boolean> {
    const { affected } = await tx.run(sql`
      UPDATE sessions SET ended_at = ${now()} WHERE id = ${id} AND user_id = ${userId} AND ${this.alive()}`);
    return affected === 1;
  }

  async endAllBut(tx: Tx, id: string, userId: string): Promise<void> {
    await tx.run(sql`UPDATE sessions SET ended_at = ${now()} WHERE user_id = ${userId} AND id <> ${id} AND ${this.alive()}`);
  }

  /** Nothing asks for a session that is over; what it did is in the audit trail. */
  async removeOver(tx: Tx, userId: string): Promise<void> {
    await tx.run(sql`DELETE FROM sessions WHERE user_id = ${userId} AND NOT (${this.alive()})`);
  }

  /** Not ended, not past its last day, not idle for too long. */
  private alive(): Sql {
    const idleSince = secondsFromNow(-this.config.sessionIdleTtl);
    return sql`sessions.ended_at IS NULL AND sessions.expires_at > ${now()} AND sessions.last_used_at > ${idleSince}`;
  }
}

const OF_ENABLED_ACCOUNT = sql`EXISTS (SELECT 1 FROM users WHERE users.id = sessions.user_id AND users.disabled_at IS NULL)`;

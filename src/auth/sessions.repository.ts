import { Injectable } from '@nestjs/common';
import sql from 'sql-template-tag';
import { now } from '../database/clock.js';
import { Reader } from '../database/reader.js';
import type { Tx } from '../database/tx.js';
import type { Actor, Role } from '../http/access.js';
import { Session } from './session.entity.js';

interface ActorRow {
  readonly id: string;
  readonly role: Role;
}

@Injectable()
export class SessionsRepository {
  constructor(private readonly reader: Reader) {}

  async insert(tx: Tx, session: Session): Promise<void> {
    await tx.repository(Session).insert(session);
  }

  /** The account behind a session, if the session is alive and the account enabled. One statement: it stands before every request. */
  async findActor(sessionId: string, userId: string): Promise<Actor | undefined> {
    const row = await this.reader.one<ActorRow>(sql`
      SELECT users.id, users.role FROM sessions JOIN users ON users.id = sessions.user_id
      WHERE sessions.id = ${sessionId} AND users.id = ${userId}
        AND sessions.ended_at IS NULL AND sessions.expires_at > ${now()} AND users.disabled_at IS NULL`);
    return row && { id: row.id, role: row.role, sessionId };
  }
}

import { Injectable } from '@nestjs/common';
import sql from 'sql-template-tag';
import { LessThan } from 'typeorm';
import { now, secondsFromNow } from '../database/clock.js';
import { Reader } from '../database/reader.js';
import type { Tx } from '../database/tx.js';
import type { Role, Scope } from '../http/access.js';
import type { LiveIdentity } from './credential.js';
import { PersonalAccessToken } from './personal-access-token.entity.js';

interface ActorRow {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly created_at: string;
  readonly scopes: string;
  readonly expires_at: string | null;
}

@Injectable()
export class TokensRepository {
  constructor(private readonly reader: Reader) {}

  async insert(tx: Tx, token: PersonalAccessToken): Promise<void> {
    await tx.insert(PersonalAccessToken, token);
  }

  /** Which token it is and whose: that never changes. Whether it is good, `findIdentity` tells. */
  findByHash(tokenHash: string): Promise<{ readonly id: string; readonly user_id: string } | undefined> {
    return this.reader.one(sql`SELECT id, user_id FROM personal_access_tokens WHERE token_hash = ${tokenHash}`);
  }

  /** The account behind a token, if the token is there and not expired and the account enabled. */
  async findIdentity(id: string, userId: string): Promise<LiveIdentity | undefined> {
    const row = await this.reader.one<ActorRow>(sql`
      SELECT users.id, users.email, users.role, users.created_at, tokens.scopes, tokens.expires_at
      FROM personal_access_tokens tokens JOIN users ON users.id = tokens.user_id
      WHERE tokens.id = ${id} AND users.id = ${userId} AND users.disabled_at IS NULL
        AND (tokens.expires_at IS NULL OR tokens.expires_at > ${now()})`);
    return (
      row && {
        identity: { id: row.id, email: row.email, role: row.role, createdAt: row.created_at, scopes: scopesOf(row.scopes) },
        until: row.expires_at === null ? null : Date.parse(row.expires_at),
      }
    );
  }

  /** Newest first. @param before only those older than the one with this id */
  listPage(userId: string, before: string | undefined, limit: number): Promise<PersonalAccessToken[]> {
    return this.reader.repository(PersonalAccessToken).find({
      where: { userId, ...(before !== undefined && { id: LessThan(before) }) },
      order: { id: 'DESC' },
      take: limit,
    });
  }

  findOwnedInTx(tx: Tx, userId: string, id: string): Promise<PersonalAccessToken | null> {
    return tx.repository(PersonalAccessToken).findOneBy({ id, userId });
  }

  async delete(tx: Tx, id: string): Promise<boolean> {
    const { affected } = await tx.run(sql`DELETE FROM personal_access_tokens WHERE id = ${id}`);
    return affected === 1;
  }

  /** Writes nothing when another instance has done so within the interval. */
  async touch(tx: Tx, id: string, intervalSeconds: number): Promise<void> {
    await tx.run(sql`
      UPDATE personal_access_tokens SET last_used_at = ${now()}
      WHERE id = ${id} AND (last_used_at IS NULL OR last_used_at <= ${secondsFromNow(-intervalSeconds)})`);
  }
}

/** @param stored separated by commas */
export function scopesOf(stored: string): Scope[] {
  return stored.split(',') as Scope[];
}

import { Injectable } from '@nestjs/common';
import sql, { type Sql } from 'sql-template-tag';
import { contains, where } from '../database/conditions.js';
import { Reader } from '../database/reader.js';
import type { Tx } from '../database/tx.js';
import type { Role } from '../http/access.js';
import type { UserFilter } from './dto/users-query.dto.js';
import { User } from './user.entity.js';

/** A row as it is stored: its names are those on the wire. */
export interface UserRow {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly created_at: string;
  readonly disabled_at: string | null;
  readonly item_count: number | string;
}

/** The items are counted here because only the database sees both sides. */
const SELECT_ROW = sql`
  SELECT id, email, role, created_at, disabled_at,
    (SELECT count(*) FROM watchlist_items WHERE user_id = users.id AND deleted_at IS NULL) AS item_count
  FROM users`;

@Injectable()
export class UsersRepository {
  constructor(private readonly reader: Reader) {}

  findByEmail(email: string): Promise<User | null> {
    return this.reader.repository(User).findOneBy({ email });
  }

  findById(id: string): Promise<User | null> {
    return this.reader.repository(User).findOneBy({ id });
  }

  async insert(tx: Tx, user: User): Promise<void> {
    await tx.insert(User, user);
  }

  findInTx(tx: Tx, id: string): Promise<User | null> {
    return tx.repository(User).findOneBy({ id });
  }

  async update(tx: Tx, id: string, { role, disabledAt }: Pick<User, 'role' | 'disabledAt'>): Promise<void> {
    await tx.repository(User).update({ id }, { role, disabledAt });
  }

  /** @returns whether the account is there and the hash was still the one before */
  async replacePasswordHash(tx: Tx, id: string, before: string, after: string): Promise<boolean> {
    const { affected } = await tx.run(sql`UPDATE users SET password_hash = ${after} WHERE id = ${id} AND password_hash = ${before}`);
    return affected === 1;
  }

  /** Everything that belongs to the account goes with it, by the foreign keys. */
  async delete(tx: Tx, id: string): Promise<void> {
    await tx.run(sql`DELETE FROM users WHERE id = ${id}`);
  }

  countOtherActiveAdmins(tx: Tx, id: string): Promise<number> {
    return tx
      .run<{ count: number | string }>(
        sql`SELECT count(*) AS count FROM users WHERE role = 'admin' AND disabled_at IS NULL AND id <> ${id}`,
      )
      .then(({ rows }) => Number(rows[0]?.count));
  }

  /** Oldest account first. */
  listPage(filter: UserFilter, skip: number, limit: number): Promise<UserRow[]> {
    return this.reader.all<UserRow>(sql`${SELECT_ROW} ${where(conditionsOf(filter))} ORDER BY id LIMIT ${limit} OFFSET ${skip}`);
  }

  findRow(id: string): Promise<UserRow | undefined> {
    return this.reader.one<UserRow>(sql`${SELECT_ROW} WHERE id = ${id}`);
  }

  async count(filter: UserFilter): Promise<number> {
    const row = await this.reader.one<{ total: number | string }>(sql`SELECT count(*) AS total FROM users ${where(conditionsOf(filter))}`);
    return Number(row?.total);
  }
}

function conditionsOf({ q, role, disabled }: UserFilter): Sql[] {
  const conditions: Sql[] = [];
  if (q !== undefined) conditions.push(contains('email', q.toLowerCase()));
  if (role !== undefined) conditions.push(sql`role = ${role}`);
  if (disabled !== undefined) conditions.push(disabled ? sql`disabled_at IS NOT NULL` : sql`disabled_at IS NULL`);
  return conditions;
}

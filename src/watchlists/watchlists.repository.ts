import { Injectable } from '@nestjs/common';
import sql, { empty, join, raw, type Sql } from 'sql-template-tag';
import { IsNull } from 'typeorm';
import { contains, where } from '../database/conditions.js';
import { Reader } from '../database/reader.js';
import type { Tx } from '../database/tx.js';
import type { Position } from '../http/cursor.js';
import { fromHalves, type ItemDto } from './dto/item.dto.js';
import type { ItemFilter } from './dto/list-query.dto.js';
import { searchWords } from './item-keys.js';
import { behind, type ItemSort, orderBy } from './item-sort.js';
import { WatchlistItem } from './watchlist-item.entity.js';

/** A row as it is stored: its names are those on the wire, the rating is in halves. */
interface ItemRow extends ItemDto {
  readonly total: number | string;
  readonly sort_key: string | number | null;
}

export interface PageRequest {
  readonly userId: string;
  readonly filter: ItemFilter;
  readonly sort: ItemSort;
  readonly skip: number;
  readonly limit: number;
  readonly position: Position | undefined;
}

export interface PageRows {
  readonly rows: { readonly item: ItemDto; readonly sortKey: string | number | null }[];
  readonly total: number;
}

/** The constraint that keeps an item from being there twice, as each engine names it. */
export const ITEM_IDENTITY = {
  constraint: 'uq_watchlist_items_identity',
  columns: 'watchlist_items.user_id, watchlist_items.identity_key',
};

@Injectable()
export class WatchlistsRepository {
  constructor(private readonly reader: Reader) {}

  async insert(tx: Tx, item: WatchlistItem): Promise<void> {
    await tx.repository(WatchlistItem).insert(item);
  }

  findOwned(userId: string, id: string): Promise<WatchlistItem | null> {
    return this.reader.repository(WatchlistItem).findOneBy({ id, userId, deletedAt: IsNull() });
  }

  findOwnedInTx(tx: Tx, userId: string, id: string): Promise<WatchlistItem | null> {
    return tx.findForUpdate(WatchlistItem, { id, userId, deletedAt: IsNull() });
  }

  async findIdByIdentity(userId: string, identityKey: string | null): Promise<string | undefined> {
    const row = await this.reader.one<{ id: string }>(
      sql`SELECT id FROM watchlist_items WHERE user_id = ${userId} AND identity_key = ${identityKey}`,
    );
    return row?.id;
  }

  /** @returns whether the version it was read as was still the current one */
  async replace(tx: Tx, before: WatchlistItem, after: WatchlistItem): Promise<boolean> {
    const { affected } = await tx.repository(WatchlistItem).update({ id: before.id, version: before.version }, after);
    return affected === 1;
  }

  /** Page and total in one statement. The page may hold one row more than asked, to tell whether there is another page. */
  async listPage({ userId, filter, sort, skip, limit, position }: PageRequest): Promise<PageRows> {
    const conditions = conditionsOf(userId, filter);
    const total = sql`SELECT count(*) AS total FROM watchlist_items ${where(conditions)}`;
    const rows = await this.reader.all<ItemRow>(sql`
      SELECT id, title, media_type, year, status, rating, notes, version, created_at, updated_at,
        ${raw(sort.column)} AS sort_key, (${total}) AS total
      FROM watchlist_items ${where(position ? [...conditions, behind(sort, position)] : conditions)}
      ${orderBy(sort)} LIMIT ${limit + 1} ${skip > 0 ? sql`OFFSET ${skip}` : empty}`);
    return { rows: rows.map(fromRow), total: rows[0] ? Number(rows[0].total) : await this.totalBeyondTheEnd(total, skip > 0 || position) };
  }

  /** Behind the last row there is no row that could tell the total. */
  private async totalBeyondTheEnd(total: Sql, possible: unknown): Promise<number> {
    return possible ? Number((await this.reader.one<{ total: number | string }>(total))?.total) : 0;
  }
}

function conditionsOf(userId: string, { media_type, status, q }: ItemFilter): Sql[] {
  const conditions = [sql`user_id = ${userId}`, sql`deleted_at IS NULL`];
  if (media_type) conditions.push(sql`media_type IN (${join(media_type)})`);
  if (status) conditions.push(sql`status IN (${join(status)})`);
  if (q !== undefined) conditions.push(...searchWords(q).map((word) => contains('search_key', word)));
  return conditions;
}

function fromRow({ total: _total, sort_key: sortKey, ...row }: ItemRow): PageRows['rows'][number] {
  return { item: { ...row, rating: fromHalves(row.rating) }, sortKey };
}

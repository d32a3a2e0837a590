import { Injectable } from '@nestjs/common';
import sql, { empty, join, raw, type Sql } from 'sql-template-tag';
import { IsNull, MoreThanOrEqual } from 'typeorm';
import { type Instant, secondsFromNow } from '../database/clock.js';
import { contains, where } from '../database/conditions.js';
import { violatesUnique } from '../database/database-error.js';
import { Reader } from '../database/reader.js';
import type { Tx } from '../database/tx.js';
import type { Position } from '../http/cursor.js';
import { fromHalves, type ItemDto, type TrashedItemDto } from './dto/item.dto.js';
import type { ItemFilter } from './dto/list-query.dto.js';
import { searchWords } from './item-keys.js';
import { behind, type ItemSort, orderBy, TRASH_ORDER } from './item-sort.js';
import { WatchlistItem } from './watchlist-item.entity.js';

/** Thirty days; what has been in the trash for longer is gone, whether or not it has been purged yet. */
const TRASH_SECONDS = 30 * 24 * 60 * 60;

export interface PageRequest {
  readonly skip: number;
  readonly limit: number;
  readonly position: Position | undefined;
}

export interface PageRows<T> {
  readonly rows: { readonly item: T; readonly sortKey: string | number | null }[];
  readonly total: number;
}

/** A row as it is stored: its names are those on the wire, the rating is in halves. */
interface ItemRow extends ItemDto {
  readonly total: number | string;
  readonly sort_key: string | number | null;
}

/** The same item is on the list already. */
export class DuplicateItemError extends Error {
  constructor(
    readonly item: WatchlistItem,
    cause: unknown,
  ) {
    super('The same item is on the list already', { cause });
    this.name = 'DuplicateItemError';
  }
}

@Injectable()
export class WatchlistsRepository {
  constructor(private readonly reader: Reader) {}

  /** @throws DuplicateItemError, also when two add the same at once */
  async insert(tx: Tx, item: WatchlistItem): Promise<void> {
    await refusingDuplicates(item, () => tx.insert(WatchlistItem, item));
  }

  /** @returns whether the version it was read as was still the current one. @throws DuplicateItemError */
  async replace(tx: Tx, before: WatchlistItem, after: WatchlistItem): Promise<boolean> {
    const { affected } = await refusingDuplicates(after, () =>
      tx.repository(WatchlistItem).update({ id: before.id, version: before.version }, after),
    );
    return affected === 1;
  }

  findOwned(userId: string, id: string): Promise<WatchlistItem | null> {
    return this.reader.repository(WatchlistItem).findOneBy({ id, userId, deletedAt: IsNull() });
  }

  findOwnedInTx(tx: Tx, userId: string, id: string): Promise<WatchlistItem | null> {
    return tx.findForUpdate(WatchlistItem, { id, userId, deletedAt: IsNull() });
  }

  findTrashedInTx(tx: Tx, userId: string, id: string): Promise<WatchlistItem | null> {
    return tx.repository(WatchlistItem).findOneBy({ id, userId, deletedAt: MoreThanOrEqual(oldestInTrash()) });
  }

  /** @param tx to see what it has written */
  async findIdByIdentity({ userId, identityKey }: WatchlistItem, tx?: Tx): Promise<string | undefined> {
    const statement = sql`SELECT id FROM watchlist_items WHERE user_id = ${userId} AND identity_key = ${identityKey}`;
    const rows = tx ? (await tx.run<{ id: string }>(statement)).rows : await this.reader.all<{ id: string }>(statement);
    return rows[0]?.id;
  }

  listPage(userId: string, filter: ItemFilter, sort: ItemSort, request: PageRequest): Promise<PageRows<ItemDto>> {
    return this.page([sql`user_id = ${userId}`, sql`deleted_at IS NULL`, ...conditionsOf(filter)], sort, request);
  }

  async trashPage(userId: string, request: PageRequest): Promise<PageRows<TrashedItemDto>> {
    const conditions = [sql`user_id = ${userId}`, sql`deleted_at >= ${oldestInTrash()}`];
    return (await this.page(conditions, TRASH_ORDER, request, sql`, deleted_at`)) as PageRows<TrashedItemDto>;
  }

  /** Deletes for good what has been in the trash for too long. @returns how many were deleted, at most as many as given */
  async deleteTrashed(tx: Tx, most: number): Promise<number> {
    const oldest = oldestInTrash();
    // Asked twice: whoever had to wait for a restore that was under way must look again at what it left.
    const { affected } = await tx.run(sql`
      DELETE FROM watchlist_items WHERE deleted_at < ${oldest} AND id IN
        (SELECT id FROM watchlist_items WHERE deleted_at < ${oldest} ORDER BY deleted_at LIMIT ${most})`);
    return affected;
  }

  /** Page and total in one statement. The page may hold one row more than asked, to tell whether there is another page. */
  private async page(
    conditions: Sql[],
    sort: ItemSort,
    { skip, limit, position }: PageRequest,
    moreColumns = empty,
  ): Promise<PageRows<ItemDto>> {
    const total = sql`SELECT count(*) AS total FROM watchlist_items ${where(conditions)}`;
    const rows = await this.reader.all<ItemRow>(sql`
      SELECT id, title, media_type, year, status, rating, notes, version, created_at, updated_at${moreColumns},
        ${raw(sort.column)} AS sort_key, (${total}) AS total
      FROM watchlist_items ${where(position ? [...conditions, behind(sort, position)] : conditions)}
      ${orderBy(sort)} LIMIT ${limit + 1} ${skip > 0 ? sql`OFFSET ${skip}` : empty}`);
    return {
      rows: rows.map(fromRow),
      total: rows[0] ? Number(rows[0].total) : await this.totalBeyondTheEnd(total, skip > 0 || position),
    };
  }

  /** Behind the last row there is no row that could tell the total. */
  private async totalBeyondTheEnd(total: Sql, possible: unknown): Promise<number> {
    return possible ? Number((await this.reader.one<{ total: number | string }>(total))?.total) : 0;
  }
}

function conditionsOf({ media_type, status, q }: ItemFilter): Sql[] {
  const conditions: Sql[] = [];
  if (media_type) conditions.push(sql`media_type IN (${join(media_type)})`);
  if (status) conditions.push(sql`status IN (${join(status)})`);
  if (q !== undefined) conditions.push(...searchWords(q).map((word) => contains('search_key', word)));
  return conditions;
}

function fromRow({ total: _total, sort_key: sortKey, ...row }: ItemRow): PageRows<ItemDto>['rows'][number] {
  return { item: { ...row, rating: fromHalves(row.rating) }, sortKey };
}

function oldestInTrash(): Instant {
  return secondsFromNow(-TRASH_SECONDS);
}

async function refusingDuplicates<T>(item: WatchlistItem, statement: () => Promise<T>): Promise<T> {
  try {
    return await statement();
  } catch (error) {
    const duplicate = violatesUnique(error, 'uq_watchlist_items_identity', 'watchlist_items.user_id, watchlist_items.identity_key');
    throw duplicate ? new DuplicateItemError(item, error) : error;
  }
}

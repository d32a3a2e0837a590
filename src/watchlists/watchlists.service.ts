// A user's list: everything here is about the actor's own items; another user's item is answered like a missing one.
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { type AuditAction, AuditService, type Changes, changesBetween } from '../audit/audit.service.js';
import { UserCache } from '../cache/user-cache.js';
import { now } from '../database/clock.js';
import { violatesUnique, WriteConflictError } from '../database/database-error.js';
import type { Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import type { Actor } from '../http/access.js';
import { ApiError } from '../http/api-error.js';
import { Cursors } from '../http/cursor.js';
import { cutPage } from '../http/paging.js';
import type { CreateItemDto } from './dto/create-item.dto.js';
import { ItemDto, type ItemPage, toHalves } from './dto/item.dto.js';
import type { ListQuery } from './dto/list-query.dto.js';
import type { UpdateItemDto } from './dto/update-item.dto.js';
import { keysOf } from './item-keys.js';
import { SORTS } from './item-sort.js';
import type { WatchlistItem } from './watchlist-item.entity.js';
import { ITEM_IDENTITY, WatchlistsRepository } from './watchlists.repository.js';

@Injectable()
export class WatchlistsService {
  constructor(
    private readonly items: WatchlistsRepository,
    private readonly unitOfWork: UnitOfWork,
    private readonly audit: AuditService,
    private readonly cache: UserCache,
    private readonly cursors: Cursors,
  ) {}

  /** @throws ApiError `validation_failed` for a cursor of another query, or together with `skip` */
  async list(actor: Actor, { limit, sort, skip, cursor, ...filter }: ListQuery): Promise<ItemPage> {
    if (cursor !== undefined && skip !== undefined) throw ApiError.field('skip', 'must not be given together with cursor');
    const order = SORTS.get(sort);
    if (!order) throw ApiError.field('sort', 'is not known');
    const query = `items ${actor.id} ${sort} ${JSON.stringify(filter, ['media_type', 'status', 'q'])}`;
    const position = cursor === undefined ? undefined : this.cursors.decode(cursor, query);
    const { rows, total } = await this.items.listPage({ userId: actor.id, filter, sort: order, skip: skip ?? 0, limit, position });
    const { page, last } = cutPage(rows, limit);
    const before = position?.offset ?? skip ?? 0;
    return {
      items: page.map(({ item }) => item),
      total,
      skip: before,
      limit,
      next_cursor: last ? this.cursors.encode({ key: last.sortKey, id: last.item.id, offset: before + page.length }, query) : null,
    };
  }

  /** @throws ApiError `duplicate_item`, also when two requests add the same at once */
  async add(actor: Actor, dto: CreateItemDto): Promise<ItemDto> {
    const item = newItem(actor.id, dto);
    try {
      await this.unitOfWork.write(async (tx) => {
        await this.items.insert(tx, item);
        await this.recordChange(tx, actor, 'item.added', item.id, changesBetween(undefined, editable(item)));
      });
    } catch (error) {
      throw await this.asDuplicate(error, item);
    }
    return ItemDto.from(item);
  }

  /** @throws ApiError `not_found` */
  async get(actor: Actor, id: string): Promise<ItemDto> {
    const item = await this.items.findOwned(actor.id, id);
    if (!item) throw new ApiError('not_found');
    return ItemDto.from(item);
  }

  /** @throws ApiError `not_found`; `duplicate_item` when it would become the same as another item; `validation_failed` without a field */
  async update(actor: Actor, id: string, dto: UpdateItemDto): Promise<ItemDto> {
    if (Object.keys(dto).length === 0) throw ApiError.field('', 'at least one field is needed');
    let after: WatchlistItem | undefined;
    try {
      await this.unitOfWork.write(async (tx) => {
        const before = await this.getInTx(tx, actor, id);
        after = edited(before, dto);
        const changes = changesBetween(editable(before), editable(after));
        if (Object.keys(changes).length === 0) {
          after = before;
          return;
        }
        await this.replace(tx, before, after);
        await this.recordChange(tx, actor, 'item.updated', id, changes);
      });
    } catch (error) {
      throw await this.asDuplicate(error, after);
    }
    return ItemDto.from(after as WatchlistItem);
  }

  /** Puts the item into the trash. @throws ApiError `not_found` */
  async remove(actor: Actor, id: string): Promise<void> {
    await this.unitOfWork.write(async (tx) => {
      const item = await this.getInTx(tx, actor, id);
      await this.replace(tx, item, { ...item, version: item.version + 1, deletedAt: now(), identityKey: null });
      await this.recordChange(tx, actor, 'item.deleted', id, { title: [item.title, null] });
    });
  }

  private async getInTx(tx: Tx, actor: Actor, id: string): Promise<WatchlistItem> {
    const item = await this.items.findOwnedInTx(tx, actor.id, id);
    if (!item) throw new ApiError('not_found');
    return item;
  }

  /** Another instance may have changed the item since it was read here: then the whole unit of work is tried again. */
  private async replace(tx: Tx, before: WatchlistItem, after: WatchlistItem): Promise<void> {
    if (!(await this.items.replace(tx, before, after))) throw new WriteConflictError();
  }

  private async recordChange(tx: Tx, actor: Actor, action: AuditAction, itemId: string, changes: Changes): Promise<void> {
    await this.audit.record(tx, { action, actorId: actor.id, targetType: 'item', targetId: itemId, changes });
    tx.afterCommit(() => this.cache.invalidate(actor.id));
  }

  /** What to answer when the database refused an item because the same one is there. */
  private async asDuplicate(error: unknown, item: WatchlistItem | undefined): Promise<unknown> {
    if (!item || !violatesUnique(error, ITEM_IDENTITY.constraint, ITEM_IDENTITY.columns)) return error;
    const existingId = await this.items.findIdByIdentity(item.userId, item.identityKey);
    return new ApiError('duplicate_item', { details: { existing_id: existingId ?? null }, cause: error });
  }
}

function newItem(userId: string, dto: CreateItemDto): WatchlistItem {
  const at = now();
  const fields = {
    title: dto.title,
    mediaType: dto.media_type,
    year: dto.year ?? null,
    status: dto.status ?? 'planned',
    rating: toHalves(dto.rating ?? null),
    notes: dto.notes ?? null,
  };
  return { id: uuidv7(), userId, ...fields, ...keysOf(fields), version: 1, createdAt: at, updatedAt: at, deletedAt: null };
}

/** The item's next version. */
function edited(item: WatchlistItem, dto: UpdateItemDto): WatchlistItem {
  const fields = {
    title: dto.title ?? item.title,
    mediaType: dto.media_type ?? item.mediaType,
    year: dto.year === undefined ? item.year : dto.year,
    status: dto.status ?? item.status,
    rating: dto.rating === undefined ? item.rating : toHalves(dto.rating),
    notes: dto.notes === undefined ? item.notes : dto.notes,
  };
  return { ...item, ...fields, ...keysOf(fields), version: item.version + 1, updatedAt: now() };
}

/** What the audit trail tells of an item: the fields its owner edits, by their names on the wire. */
function editable(item: WatchlistItem): Pick<ItemDto, 'title' | 'media_type' | 'year' | 'status' | 'rating' | 'notes'> {
  const { title, media_type, year, status, rating, notes } = ItemDto.from(item);
  return { title, media_type, year, status, rating, notes };
}

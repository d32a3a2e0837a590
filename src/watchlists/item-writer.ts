// What can be done to an item, inside somebody else's unit of work: a single request's, or a batch's.
import { Injectable } from '@nestjs/common';
import { type AuditAction, AuditService, type Changes, changesBetween } from '../audit/audit.service.js';
import { now } from '../database/clock.js';
import { WriteConflictError } from '../database/database-error.js';
import { newId } from '../database/id.js';
import type { Tx } from '../database/tx.js';
import type { Actor } from '../http/access.js';
import { ApiError } from '../http/api-error.js';
import { entityTag } from '../http/entity-tag.js';
import type { Precondition } from '../http/precondition.js';
import type { CreateItemDto } from './dto/create-item.dto.js';
import { ItemDto, toHalves } from './dto/item.dto.js';
import type { UpdateItemDto } from './dto/update-item.dto.js';
import { keysOf } from './item-keys.js';
import type { WatchlistItem } from './watchlist-item.entity.js';
import { DuplicateItemError, WatchlistsRepository } from './watchlists.repository.js';

/** Why something is not done, though nothing is broken. */
export type Refusal = ApiError | DuplicateItemError;

/** Throws ApiError `not_found`, and `precondition_failed` with the item as it is; what puts something on the list, DuplicateItemError. */
@Injectable()
export class ItemWriter {
  constructor(
    private readonly items: WatchlistsRepository,
    private readonly audit: AuditService,
  ) {}

  async add(tx: Tx, actor: Actor, dto: CreateItemDto): Promise<ItemDto> {
    const item = newItem(actor.id, dto);
    await this.items.insert(tx, item);
    await this.record(tx, actor, 'item.added', item.id, changesBetween(undefined, editable(item)));
    return ItemDto.from(item);
  }

  /** @throws ApiError `validation_failed` without a field, too */
  async update(tx: Tx, actor: Actor, id: string, dto: UpdateItemDto, precondition: Precondition): Promise<ItemDto> {
    if (Object.keys(dto).length === 0) throw ApiError.field('', 'at least one field is needed');
    const before = found(await this.items.findOwnedInTx(tx, actor.id, id));
    assertAllowed(precondition, before);
    const after = edited(before, dto);
    const changes = changesBetween(editable(before), editable(after));
    if (Object.keys(changes).length === 0) return ItemDto.from(before);
    await this.replace(tx, before, after);
    await this.record(tx, actor, 'item.updated', id, changes);
    return ItemDto.from(after);
  }

  /** Puts it into the trash, where it is no duplicate of anything. */
  async remove(tx: Tx, actor: Actor, id: string, precondition: Precondition): Promise<void> {
    const before = found(await this.items.findOwnedInTx(tx, actor.id, id));
    assertAllowed(precondition, before);
    await this.replace(tx, before, { ...before, version: before.version + 1, deletedAt: now(), identityKey: null });
    await this.record(tx, actor, 'item.deleted', id, { title: [before.title, null] });
  }

  /** Takes it out of the trash as it was: nothing but its version tells that it was there. */
  async restore(tx: Tx, actor: Actor, id: string, precondition: Precondition): Promise<ItemDto> {
    const before = found(await this.items.findTrashedInTx(tx, actor.id, id));
    assertAllowed(precondition, before);
    const after = { ...before, ...keysOf(before), version: before.version + 1, deletedAt: null };
    await this.replace(tx, before, after);
    await this.record(tx, actor, 'item.restored', id, { title: [null, after.title] });
    return ItemDto.from(after);
  }

  /** The refusal as it is answered. @param tx to see what it has written; without it, what is committed */
  async explain(refusal: Refusal, tx?: Tx): Promise<ApiError> {
    if (refusal instanceof ApiError) return refusal;
    const existingId = await this.items.findIdByIdentity(refusal.item, tx);
    return new ApiError('duplicate_item', { details: { existing_id: existingId ?? null }, cause: refusal });
  }

  /** The version decides in the statement itself: when somebody was faster, the whole unit of work is tried again. */
  private async replace(tx: Tx, before: WatchlistItem, after: WatchlistItem): Promise<void> {
    if (!(await this.items.replace(tx, before, after))) throw new WriteConflictError();
  }

  private record(tx: Tx, actor: Actor, action: AuditAction, itemId: string, changes: Changes): Promise<void> {
    return this.audit.record(tx, { action, by: actor, targetType: 'item', targetId: itemId, changes });
  }
}

function found(item: WatchlistItem | null): WatchlistItem {
  if (!item) throw new ApiError('not_found');
  return item;
}

function assertAllowed(precondition: Precondition, item: WatchlistItem): void {
  if (precondition.allows(item)) return;
  const current = { ...ItemDto.from(item), ...(item.deletedAt !== null && { deleted_at: item.deletedAt }) };
  throw new ApiError('precondition_failed', { details: { current }, headers: { ETag: entityTag(item) } });
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
  return { id: newId(), userId, ...fields, ...keysOf(fields), version: 1, createdAt: at, updatedAt: at, deletedAt: null };
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

// A user's list: everything here is about the actor's own items; another user's item is answered like a missing one.
import { Injectable } from '@nestjs/common';
import { UserCache } from '../cache/user-cache.js';
import type { Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import type { Actor } from '../http/access.js';
import { ApiError } from '../http/api-error.js';
import { Cursors } from '../http/cursor.js';
import { cutPage } from '../http/paging.js';
import type { Precondition } from '../http/precondition.js';
import type { BatchAnswer, BatchDto } from './dto/batch.dto.js';
import type { CreateItemDto } from './dto/create-item.dto.js';
import { ItemDto, type ItemPage, TrashedItemDto, type TrashPage } from './dto/item.dto.js';
import type { ListQuery, PageQuery } from './dto/list-query.dto.js';
import type { UpdateItemDto } from './dto/update-item.dto.js';
import { checkOperations, ItemBatch, RefusedOperationError } from './item-batch.js';
import { SORTS } from './item-sort.js';
import { ItemWriter } from './item-writer.js';
import { DuplicateItemError, type PageRequest, type PageRows, WatchlistsRepository } from './watchlists.repository.js';

/** What a takeout is made of. */
export { ItemDto, TrashedItemDto };

@Injectable()
export class WatchlistsService {
  constructor(
    private readonly items: WatchlistsRepository,
    private readonly writer: ItemWriter,
    private readonly batch: ItemBatch,
    private readonly unitOfWork: UnitOfWork,
    private readonly cache: UserCache,
    private readonly cursors: Cursors,
  ) {}

  /** @throws ApiError `validation_failed` for a cursor of another query, or together with `skip` */
  async list(actor: Actor, { limit, skip, cursor, sort, ...filter }: ListQuery): Promise<ItemPage> {
    const order = SORTS.get(sort);
    if (!order) throw ApiError.field('sort', 'is not known');
    const query = `items ${actor.id} ${sort} ${JSON.stringify(filter, ['media_type', 'status', 'q'])}`;
    return this.page({ limit, skip, cursor }, query, (request) => this.items.listPage(actor.id, filter, order, request));
  }

  /** The newest deletion first. @throws ApiError `validation_failed` as `list` does */
  listTrash(actor: Actor, query: PageQuery): Promise<TrashPage> {
    return this.page(query, `trash ${actor.id}`, (request) => this.items.trashPage(actor.id, request));
  }

  /** @throws ApiError `not_found` */
  async get(actor: Actor, id: string): Promise<ItemDto> {
    const item = await this.items.findOwned(actor.id, id);
    if (!item) throw new ApiError('not_found');
    return ItemDto.from(item);
  }

  /** @throws ApiError `duplicate_item`, also when two requests add the same at once */
  add(actor: Actor, dto: CreateItemDto): Promise<ItemDto> {
    return this.write(actor, (tx) => this.writer.add(tx, actor, dto));
  }

  /** @throws ApiError as ItemWriter does; `duplicate_item` when it would become the same as another item */
  update(actor: Actor, id: string, dto: UpdateItemDto, precondition: Precondition): Promise<ItemDto> {
    return this.write(actor, (tx) => this.writer.update(tx, actor, id, dto, precondition));
  }

  /** Puts the item into the trash. @throws ApiError as ItemWriter does */
  remove(actor: Actor, id: string, precondition: Precondition): Promise<void> {
    return this.write(actor, (tx) => this.writer.remove(tx, actor, id, precondition));
  }

  /** Takes the item out of the trash. @throws ApiError as ItemWriter does; `duplicate_item` when the same was added meanwhile */
  restore(actor: Actor, id: string, precondition: Precondition): Promise<ItemDto> {
    return this.write(actor, (tx) => this.writer.restore(tx, actor, id, precondition));
  }

  /**
   * Each operation on its own, or all or nothing; in one transaction either way.
   * @throws ApiError when atomic: that of the first operation that was refused, with its number in `details.operation`
   */
  async performBatch(actor: Actor, { operations, atomic }: BatchDto): Promise<BatchAnswer> {
    const checked = await checkOperations(operations);
    try {
      return { results: await this.write(actor, (tx) => this.batch.perform(tx, actor, checked, atomic)) };
    } catch (error) {
      throw error instanceof RefusedOperationError ? error.at(await this.writer.explain(error.refusal)) : error;
    }
  }

  private async page<T>(
    { limit, skip, cursor }: PageQuery,
    query: string,
    read: (request: PageRequest) => Promise<PageRows<T & { readonly id: string }>>,
  ): Promise<{ items: T[]; total: number; skip: number; limit: number; next_cursor: string | null }> {
    if (cursor !== undefined && skip !== undefined) throw ApiError.field('skip', 'must not be given together with cursor');
    const position = cursor === undefined ? undefined : this.cursors.decode(cursor, query);
    const { rows, total } = await read({ skip: skip ?? 0, limit, position });
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

  private async write<T>(actor: Actor, work: (tx: Tx) => Promise<T>): Promise<T> {
    try {
      return await this.unitOfWork.write((tx) => {
        tx.afterCommit(() => this.cache.invalidate(actor.id, 'list'));
        return work(tx);
      });
    } catch (error) {
      throw error instanceof DuplicateItemError ? await this.writer.explain(error) : error;
    }
  }
}

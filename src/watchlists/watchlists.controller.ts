import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags, ApiOperation } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../http/access.js';
import { BodyLimit } from '../http/body-limit.js';
import { WithEntityTag } from '../http/entity-tag.interceptor.js';
import { IdPipe } from '../http/id.pipe.js';
import { CachedPerUser } from '../http/list-cache.interceptor.js';
import { ApiErrors, JsonBodyErrors } from '../http/openapi.js';
import { Post } from '../http/post.js';
import { Conditional, IfMatch, type Precondition } from '../http/precondition.js';
import { BATCH_EXAMPLES, BatchAnswer, BatchDto } from './dto/batch.dto.js';
import { CreateItemDto } from './dto/create-item.dto.js';
import { ItemDto, ItemPage, TrashPage } from './dto/item.dto.js';
import { ListQuery, PageQuery } from './dto/list-query.dto.js';
import { UpdateItemDto } from './dto/update-item.dto.js';
import { WatchlistsService } from './watchlists.service.js';

/** Some hundred bytes an operation, or fewer with long notes. */
const LARGEST_BATCH_BYTES = 512 * 1024;

@ApiTags('watchlists')
@ApiBearerAuth()
@ApiErrors('not_authenticated')
@Controller({ path: 'watchlists', version: '1' })
export class WatchlistsController {
  constructor(private readonly watchlists: WatchlistsService) {}

  @ApiOperation({ summary: "The caller's own items." })
  @Get()
  @CachedPerUser()
  @ApiOkResponse({ type: ItemPage })
  @ApiErrors('validation_failed')
  listItems(@CurrentActor() actor: Actor, @Query() query: ListQuery): Promise<ItemPage> {
    return this.watchlists.list(actor, query);
  }

  @ApiOperation({ summary: "The caller's deleted items, the newest deletion first; each stays for 30 days." })
  @Get('trash')
  @CachedPerUser()
  @ApiOkResponse({ type: TrashPage })
  @ApiErrors('validation_failed')
  listTrash(@CurrentActor() actor: Actor, @Query() query: PageQuery): Promise<TrashPage> {
    return this.watchlists.listTrash(actor, query);
  }

  @ApiOperation({ summary: 'Adds an item.' })
  @Post('items')
  @WithEntityTag()
  @ApiCreatedResponse({ type: ItemDto })
  @JsonBodyErrors('forbidden', 'duplicate_item')
  addItem(@CurrentActor() actor: Actor, @Body() dto: CreateItemDto): Promise<ItemDto> {
    return this.watchlists.add(actor, dto);
  }

  @ApiOperation({ summary: 'Adds, changes, deletes and restores up to 500 items in one transaction: each on its own, or all or nothing.' })
  @Post('items/batch')
  @HttpCode(200)
  @BodyLimit(LARGEST_BATCH_BYTES)
  @ApiBody({ type: BatchDto, examples: BATCH_EXAMPLES })
  @ApiOkResponse({ type: BatchAnswer })
  @JsonBodyErrors('forbidden', 'not_found', 'duplicate_item', 'precondition_failed')
  batchItems(@CurrentActor() actor: Actor, @Body() batch: BatchDto): Promise<BatchAnswer> {
    return this.watchlists.performBatch(actor, batch);
  }

  @ApiOperation({ summary: 'One item.' })
  @Get('items/:id')
  @WithEntityTag()
  @ApiOkResponse({ type: ItemDto })
  @ApiErrors('not_found')
  getItem(@CurrentActor() actor: Actor, @Param('id', IdPipe) id: string): Promise<ItemDto> {
    return this.watchlists.get(actor, id);
  }

  @ApiOperation({ summary: 'Changes some fields of an item.' })
  @Patch('items/:id')
  @WithEntityTag()
  @Conditional()
  @ApiOkResponse({ type: ItemDto })
  @JsonBodyErrors('forbidden', 'not_found', 'duplicate_item', 'precondition_failed')
  updateItem(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
    @IfMatch() precondition: Precondition,
    @Body() dto: UpdateItemDto,
  ): Promise<ItemDto> {
    return this.watchlists.update(actor, id, dto, precondition);
  }

  @ApiOperation({ summary: 'Puts an item into the trash.' })
  @Delete('items/:id')
  @HttpCode(204)
  @Conditional()
  @ApiNoContentResponse()
  @ApiErrors('validation_failed', 'forbidden', 'not_found', 'precondition_failed')
  deleteItem(@CurrentActor() actor: Actor, @Param('id', IdPipe) id: string, @IfMatch() precondition: Precondition): Promise<void> {
    return this.watchlists.remove(actor, id, precondition);
  }

  @ApiOperation({ summary: 'Takes an item out of the trash, as it was.' })
  @Post('items/:id/restore')
  @HttpCode(200)
  @WithEntityTag()
  @Conditional()
  @ApiOkResponse({ type: ItemDto })
  @ApiErrors('validation_failed', 'forbidden', 'not_found', 'duplicate_item', 'precondition_failed')
  restoreItem(@CurrentActor() actor: Actor, @Param('id', IdPipe) id: string, @IfMatch() precondition: Precondition): Promise<ItemDto> {
    return this.watchlists.restore(actor, id, precondition);
  }
}

import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../http/access.js';
import { WithEntityTag } from '../http/entity-tag.interceptor.js';
import { IdPipe } from '../http/id.pipe.js';
import { CachedPerUser } from '../http/list-cache.interceptor.js';
import { ApiErrors, JsonBodyErrors } from '../http/openapi.js';
import { CreateItemDto } from './dto/create-item.dto.js';
import { ItemDto, ItemPage } from './dto/item.dto.js';
import { ListQuery } from './dto/list-query.dto.js';
import { UpdateItemDto } from './dto/update-item.dto.js';
import { WatchlistsService } from './watchlists.service.js';

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

  @ApiOperation({ summary: 'Adds an item.' })
  @Post('items')
  @WithEntityTag()
  @ApiCreatedResponse({ type: ItemDto })
  @JsonBodyErrors('duplicate_item')
  addItem(@CurrentActor() actor: Actor, @Body() dto: CreateItemDto): Promise<ItemDto> {
    return this.watchlists.add(actor, dto);
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
  @ApiOkResponse({ type: ItemDto })
  @JsonBodyErrors('not_found', 'duplicate_item')
  updateItem(@CurrentActor() actor: Actor, @Param('id', IdPipe) id: string, @Body() dto: UpdateItemDto): Promise<ItemDto> {
    return this.watchlists.update(actor, id, dto);
  }

  @ApiOperation({ summary: 'Puts an item into the trash.' })
  @Delete('items/:id')
  @HttpCode(204)
  @ApiNoContentResponse()
  @ApiErrors('not_found')
  deleteItem(@CurrentActor() actor: Actor, @Param('id', IdPipe) id: string): Promise<void> {
    return this.watchlists.remove(actor, id);
  }
}

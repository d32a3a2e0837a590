import { Body, Controller, Delete, Get, Header, HttpCode, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags, ApiOperation } from '@nestjs/swagger';
import { type Actor, CurrentActor, SessionOnly } from '../http/access.js';
import { IdPipe } from '../http/id.pipe.js';
import { ApiErrors, JsonBodyErrors } from '../http/openapi.js';
import { Post } from '../http/post.js';
import { CursorQuery } from '../http/paging.js';
import { CreateTokenDto } from './dto/create-token.dto.js';
import { CreatedTokenDto, TokenPage } from './dto/token.dto.js';
import { TokensService } from './tokens.service.js';

@ApiTags('auth')
@ApiBearerAuth()
@ApiErrors('not_authenticated', 'forbidden')
@SessionOnly()
@Controller({ path: 'auth/tokens', version: '1' })
export class TokensController {
  constructor(private readonly tokens: TokensService) {}

  @ApiOperation({ summary: "The caller's personal access tokens, newest first." })
  @Get()
  @ApiOkResponse({ type: TokenPage })
  @ApiErrors('validation_failed')
  listTokens(@CurrentActor() actor: Actor, @Query() query: CursorQuery): Promise<TokenPage> {
    return this.tokens.list(actor, query);
  }

  @ApiOperation({ summary: 'Makes a personal access token. The answer is the only one that shows it.' })
  @Post()
  @Header('Cache-Control', 'no-store')
  @ApiCreatedResponse({ type: CreatedTokenDto })
  @JsonBodyErrors()
  createToken(@CurrentActor() actor: Actor, @Body() dto: CreateTokenDto): Promise<CreatedTokenDto> {
    return this.tokens.create(actor, dto);
  }

  @ApiOperation({ summary: 'Revokes a personal access token.' })
  @Delete(':id')
  @HttpCode(204)
  @ApiNoContentResponse()
  @ApiErrors('not_found')
  revokeToken(@CurrentActor() actor: Actor, @Param('id', IdPipe) id: string): Promise<void> {
    return this.tokens.revoke(actor, id);
  }
}

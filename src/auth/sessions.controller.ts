import { Controller, Delete, Get, HttpCode, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOkResponse, ApiTags, ApiOperation } from '@nestjs/swagger';
import { type Actor, CurrentActor, SessionOnly } from '../http/access.js';
import { IdPipe } from '../http/id.pipe.js';
import { ApiErrors } from '../http/openapi.js';
import { CursorQuery } from '../http/paging.js';
import { SessionPage } from './dto/session.dto.js';
import { SessionsService } from './sessions.service.js';

@ApiTags('auth')
@ApiBearerAuth()
@ApiErrors('not_authenticated', 'forbidden')
@SessionOnly()
@Controller({ path: 'auth/sessions', version: '1' })
export class SessionsController {
  constructor(private readonly sessions: SessionsService) {}

  @ApiOperation({ summary: 'Where the caller is logged in, newest first.' })
  @Get()
  @ApiOkResponse({ type: SessionPage })
  @ApiErrors('validation_failed')
  listSessions(@CurrentActor() actor: Actor, @Query() query: CursorQuery): Promise<SessionPage> {
    return this.sessions.list(actor, query);
  }

  @ApiOperation({ summary: "Ends one of the caller's sessions." })
  @Delete(':id')
  @HttpCode(204)
  @ApiNoContentResponse()
  @ApiErrors('not_found')
  revokeSession(@CurrentActor() actor: Actor, @Param('id', IdPipe) id: string): Promise<void> {
    return this.sessions.revoke(actor, id);
  }
}

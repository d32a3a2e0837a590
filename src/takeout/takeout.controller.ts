import { Readable } from 'node:stream';
import { Controller, Get, Header, Req, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { type Actor, CurrentActor, SessionOnly } from '../http/access.js';
import { ApiErrors } from '../http/openapi.js';
import { Takeout } from './dto/takeout.dto.js';
import { TakeoutService } from './takeout.service.js';

@ApiTags('auth')
@ApiBearerAuth()
@ApiErrors('not_authenticated', 'forbidden')
@SessionOnly()
@Controller({ path: 'auth/me/export', version: '1' })
export class TakeoutController {
  constructor(private readonly takeout: TakeoutService) {}

  @ApiOperation({
    summary: 'Everything about the caller in one file: the account, all items with the trash, sessions, tokens, audit trail.',
  })
  @Get()
  @Header('Cache-Control', 'no-store')
  @ApiOkResponse({ type: Takeout })
  exportAccount(@CurrentActor() actor: Actor, @Req() request: FastifyRequest): StreamableFile {
    return new StreamableFile(Readable.from(counted(this.takeout.write(actor), request)), {
      type: 'application/json; charset=utf-8',
      disposition: 'attachment; filename="watchlist-export.json"',
    });
  }
}

/** Tells the access log how long the body was. */
async function* counted(parts: AsyncIterable<string>, request: FastifyRequest): AsyncGenerator<Buffer> {
  request.streamedBytes = 0;
  for await (const part of parts) {
    const bytes = Buffer.from(part);
    request.streamedBytes += bytes.length;
    yield bytes;
  }
}

import { Controller, Get, Header, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Roles } from '../http/access.js';
import { ApiErrors } from '../http/openapi.js';
import { CursorQuery } from '../http/paging.js';
import { AuditService } from './audit.service.js';
import { AuditPage } from './dto/audit-page.dto.js';
import { AuditQuery } from './dto/audit-query.dto.js';
import { AuditVerificationDto } from './dto/audit-verification.dto.js';

@ApiTags('audit')
@ApiBearerAuth()
@ApiErrors('validation_failed', 'not_authenticated')
@Controller({ path: 'audit', version: '1' })
export class AuditController {
  constructor(private readonly audit: AuditService) {}

  @ApiOperation({ summary: 'What the caller did, newest first.' })
  @Get('me')
  @ApiOkResponse({ type: AuditPage })
  listOwnAudit(@CurrentActor() actor: Actor, @Query() query: CursorQuery): Promise<AuditPage> {
    return this.audit.listOwn(actor.id, query);
  }

  @ApiOperation({ summary: 'What anybody did, newest first. For administrators.' })
  @Get()
  @Roles('admin')
  @ApiOkResponse({ type: AuditPage })
  @ApiErrors('forbidden')
  listAudit(@Query() query: AuditQuery): Promise<AuditPage> {
    return this.audit.listAll(query);
  }

  @ApiOperation({
    summary: 'Whether the sealed trail is whole: recomputes it all, so it takes about as long as reading it. For administrators.',
  })
  @Get('verify')
  @Roles('admin')
  @Header('Cache-Control', 'no-store')
  @ApiOkResponse({ type: AuditVerificationDto })
  @ApiErrors('forbidden')
  verifyAudit(): Promise<AuditVerificationDto> {
    return this.audit.verify();
  }
}

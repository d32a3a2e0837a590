import { Controller, Get, Header, Res, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public, Unlimited } from '../http/access.js';
import { HealthReport, Liveness } from './health.dto.js';
import { HealthService } from './health.service.js';

@ApiTags('operations')
@Public()
@Unlimited()
@Controller({ path: 'health', version: VERSION_NEUTRAL })
export class HealthController {
  constructor(private readonly health: HealthService) {}

  @ApiOperation({ summary: 'Whether the process serves; asks nothing of anybody.' })
  @Get()
  @ApiOkResponse({ type: Liveness })
  getHealth(): Liveness {
    return { status: 'ok' };
  }

  @ApiOperation({ summary: 'Whether the service is ready, dependency by dependency.' })
  @Get('detailed')
  @Header('Cache-Control', 'no-store')
  @ApiOkResponse({ type: HealthReport })
  @ApiServiceUnavailableResponse({ type: HealthReport })
  async getDetailedHealth(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthReport> {
    const report = await this.health.report();
    if (report.status === 'down') reply.code(503);
    return report;
  }
}

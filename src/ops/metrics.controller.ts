import { Controller, Get, Res, UseGuards, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags, ApiOperation } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { register } from 'prom-client';
import { Public } from '../http/access.js';
import { ApiErrors } from '../http/openapi.js';
import { MetricsGuard } from './metrics.guard.js';

@ApiTags('operations')
@Public()
@UseGuards(MetricsGuard)
@Controller({ path: 'metrics', version: VERSION_NEUTRAL })
export class MetricsController {
  @ApiOperation({ summary: 'Prometheus text. From this machine, or with `METRICS_TOKEN` as the bearer token.' })
  @Get()
  @ApiProduces('text/plain')
  @ApiOkResponse({ schema: { type: 'string' } })
  @ApiErrors('not_authenticated')
  async getMetrics(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    reply.type(register.contentType).header('Cache-Control', 'no-store');
    return register.metrics();
  }
}

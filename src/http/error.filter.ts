// The last stop of every error inside the framework: logs what is ours to mend, answers with the envelope.
import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { envelope } from './api-error.js';
import { toApiError } from './to-api-error.js';

@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger('Http');

  constructor(private readonly adapterHost: HttpAdapterHost) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const error = toApiError(exception);
    if (error.status >= 500) this.logger.error({ request_id: request.id, code: error.code, err: error.cause ?? error }, error.message);
    const adapter = this.adapterHost.httpAdapter;
    if (adapter.isHeadersSent(reply)) return;
    for (const [name, value] of Object.entries(error.headers)) adapter.setHeader(reply, name, value);
    request.errorCode = error.code;
    adapter.reply(reply, envelope(error, request.id), error.status);
  }
}

// One line per request: what was asked, how it ended, how long it took. Never a title, an e-mail address or a secret.
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { NO_ROUTE } from './request-metrics.js';

export function logRequests(app: NestFastifyApplication, logger: Logger): void {
  const server = app.getHttpAdapter().getInstance();
  server.addHook('onResponse', (request, reply, done) => {
    logger.info(
      {
        request_id: request.id,
        method: request.method,
        route: request.routeOptions.url ?? NO_ROUTE,
        status: reply.statusCode,
        code: request.errorCode,
        duration_ms: Math.round(reply.elapsedTime * 100) / 100,
        user_id: request.actor?.id,
        bytes: Number(reply.getHeader('content-length') ?? 0),
      },
      'request',
    );
    done();
  });
}

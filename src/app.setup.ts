// Turns the modules into the service as it runs in production. main.ts and every e2e test start it through here,
// so that what is tested is what runs.
import { VersioningType } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { IdentitiesService } from './auth/identities.service.js';
import type { Config } from './config/config.js';
import { serveDashboard } from './dashboard/dashboard.js';
import { AccessLog } from './http/access-log.js';
import { allowOrigins } from './http/cors.js';
import { answerWrongMethods, configureServer, createAdapter } from './http/fastify.js';
import { answerFromCache } from './http/list-cache.hook.js';
import { createLogger, FrameworkLogger } from './http/logger.js';
import { serveOpenApi } from './http/openapi.js';
import { startTracer } from './telemetry/tracing.js';

/** Built, wired and ready to listen. @throws DatabaseUnavailableError when the database does not come up in time */
export async function createApp(config: Config): Promise<NestFastifyApplication> {
  const logger = createLogger(config);
  const tracer = await startTracer(config);
  const accessLog = new AccessLog(logger, tracer);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(config), createAdapter(config, accessLog), {
    bodyParser: false,
    abortOnError: false,
    logger: new FrameworkLogger(logger),
  });
  if (tracer)
    app
      .getHttpAdapter()
      .getInstance()
      .addHook('onClose', () => tracer.stop());
  await configureApp(app, config, accessLog);
  return app;
}

async function configureApp(app: NestFastifyApplication, config: Config, accessLog: AccessLog): Promise<void> {
  const routes = configureServer(app, accessLog);
  const identities = app.get(IdentitiesService);
  answerFromCache(app, (request) => identities.recognise(request));
  allowOrigins(app, config.corsOrigins);
  app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' });
  serveOpenApi(app);
  serveDashboard(app);
  await app.init();
  answerWrongMethods(app, routes);
}

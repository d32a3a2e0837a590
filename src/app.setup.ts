// Turns the modules into the service as it runs in production. main.ts and every e2e test start it through here,
// so that what is tested is what runs.
import { VersioningType } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import type { Config } from './config/config.js';
import { answerWrongMethods, configureServer, createAdapter } from './http/fastify.js';
import { logRequests } from './http/access-log.js';
import { createLogger, FrameworkLogger } from './http/logger.js';
import { serveOpenApi } from './http/openapi.js';

/** Built, wired and ready to listen. @throws DatabaseUnavailableError when the database does not come up in time */
export async function createApp(config: Config): Promise<NestFastifyApplication> {
  const logger = createLogger(config);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(config), createAdapter(config), {
    bodyParser: false,
    abortOnError: false,
    logger: new FrameworkLogger(logger),
  });
  logRequests(app, logger);
  await configureApp(app);
  return app;
}

async function configureApp(app: NestFastifyApplication): Promise<void> {
  const routes = configureServer(app);
  app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' });
  serveOpenApi(app);
  await app.init();
  answerWrongMethods(app, routes);
}

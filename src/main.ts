// Starts the service, says where it is, and stops it in good order.
import 'reflect-metadata';
import { setFlagsFromString } from 'node:v8';
import { Logger } from '@nestjs/common';
import { createApp } from './app.setup.js';
import { loadConfig } from './config/config.js';
import { EnvironmentError } from './config/environment.js';
import { VERSION } from './config/version.js';
import { stopOnDefects, stopOnSignals } from './shutdown.js';

/** How much the heap may grow between two full collections, where V8 would let it become several times what is in use. */
const HEAP_GROWTH_PERCENT = 50;

async function start(): Promise<void> {
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH_PERCENT}`);
  const config = loadConfig();
  const app = await createApp(config);
  stopOnSignals(app);
  stopOnDefects();
  await app.listen({ host: config.host, port: config.port });
  const url = (await app.getUrl()).replace('[::1]', 'localhost');
  const database = config.databaseUrl === undefined ? 'sqlite' : 'postgres';
  const redis = config.redisUrl !== undefined;
  new Logger('Service').log({ version: VERSION, node: process.version, mode: config.mode, database, redis }, 'started');
  process.stdout.write(
    `Watchlist is ready\n  Open    ${url}\n  API     ${url}/v1\n  Docs    ${url}/docs\n  Health  ${url}/health/detailed\n`,
  );
}

function explain(error: unknown): string {
  if (error instanceof EnvironmentError) return error.message;
  const cause = error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : '';
  return `Watchlist could not start: ${error instanceof Error ? error.message : String(error)}${cause}`;
}

start().catch((error: unknown) => {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
});

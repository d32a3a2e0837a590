// Whether Redis can be reached, for those who configured one.
import { createClient } from '@keyv/redis';
import type { Check } from '../config/check.js';
import type { Config } from '../config/config.js';

const PATIENCE_MS = 2_000;

export function cacheChecks({ redisUrl, databaseUrl }: Config): Check[] {
  const found = databaseUrl === undefined ? 'in the memory of the process' : 'none: without REDIS_URL lists come from PostgreSQL each time';
  return [{ name: 'Cache', run: () => (redisUrl === undefined ? Promise.resolve(found) : ping(redisUrl)) }];
}

async function ping(url: string): Promise<string> {
  const client = createClient({ url, socket: { connectTimeout: PATIENCE_MS, reconnectStrategy: false } });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.ping();
  } catch (error) {
    throw new Error(`Redis does not answer: ${(error as Error).message}`, { cause: error });
  }
  client.destroy();
  return 'Redis answers';
}

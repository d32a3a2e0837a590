// The database and the cache a suite runs on, each test its own: a database and a key prefix that are made for it and removed after it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@keyv/redis';
import { Client } from 'pg';
import { v7 as uuidv7 } from 'uuid';

export interface Leg {
  readonly name: string;
  readonly databaseUrl?: string;
  readonly redisUrl?: string;
}

declare global {
  /** Set by jest.config.js for the e2e suites. */
  var leg: Leg;
  /** Set by jest.config.js for the contract and process suites. */
  var legs: Leg[];
}

/** What the service reads to find its database, cache and data folder. */
export type Environment = Record<string, string> & { readonly DATA_DIR: string };

export interface Surroundings {
  readonly environment: Environment;
  readonly dataDir: string;
  /** To look at the PostgreSQL database, or to stand in its way, from outside the service. To be ended by the caller. */
  connect(): Promise<Client>;
  remove(): Promise<void>;
}

export async function createSurroundings(leg: Leg): Promise<Surroundings> {
  const name = `watchlist_test_${uuidv7().replaceAll('-', '')}`;
  const dataDir = mkdtempSync(join(tmpdir(), 'watchlist-test-'));
  const environment: Environment = { DATA_DIR: dataDir };
  if (leg.databaseUrl !== undefined) {
    await administer(leg.databaseUrl, `CREATE DATABASE ${name}`);
    environment.DATABASE_URL = Object.assign(new URL(leg.databaseUrl), { pathname: `/${name}` }).href;
  }
  if (leg.redisUrl !== undefined) Object.assign(environment, { REDIS_URL: leg.redisUrl, REDIS_PREFIX: name });
  return {
    environment,
    dataDir,
    async connect() {
      const client = new Client({ connectionString: environment.DATABASE_URL });
      await client.connect();
      return client;
    },
    async remove() {
      rmSync(dataDir, { recursive: true, force: true });
      if (leg.databaseUrl !== undefined) await administer(leg.databaseUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      if (leg.redisUrl !== undefined) await removeKeys(leg.redisUrl, name);
    },
  };
}

async function administer(databaseUrl: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

async function removeKeys(redisUrl: string, prefix: string): Promise<void> {
  const client = createClient({ url: redisUrl });
  await client.connect();
  for await (const keys of client.scanIterator({ MATCH: `${prefix}:*`, COUNT: 1_000 })) {
    if (keys.length > 0) await client.unlink(keys);
  }
  await client.close();
}

/**
 * What our service stores its data in during a run: SQLite in its temporary folder, or a PostgreSQL database made for this run and dropped
 * after it, with Redis as the cache. The baseline stays on SQLite: with `--engine postgres` its figures are a yardstick, not a rival.
 */
import { randomBytes } from 'node:crypto';

/** @param {'sqlite' | 'postgres'} engine @returns {Promise<{env: NodeJS.ProcessEnv, remove: () => Promise<void>}>} */
export async function prepareEngine(engine) {
  if (engine === 'sqlite') return { env: {}, remove: async () => {} };
  const { default: pg } = await import('pg');
  const server = process.env.DATABASE_URL ?? 'postgres://postgres:postgres@127.0.0.1:5432/postgres';
  const name = `watchlist_bench_${randomBytes(6).toString('hex')}`;
  const administer = async (statement) => {
    const client = new pg.Client({ connectionString: server, connectionTimeoutMillis: 5000 });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  };
  await administer(`CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    env: { DATABASE_URL: url.href, REDIS_URL: process.env.REDIS_URL ?? 'redis://127.0.0.1:6379', REDIS_PREFIX: name },
    remove: () => administer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

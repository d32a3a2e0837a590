/**
 * What our service stores its data in during a run: SQLite in its temporary folder, or a PostgreSQL database made for this run and dropped
 * after it, with Redis as the cache. The baseline stays on SQLite: beside PostgreSQL its figures are a yardstick, not a rival.
 */
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';

export const ENGINES = ['sqlite', 'postgres'];
const postgresUrl = () => process.env.DATABASE_URL ?? 'postgres://postgres:postgres@127.0.0.1:5432/postgres';
const redisUrl = () => process.env.REDIS_URL ?? 'redis://127.0.0.1:6379';

export async function arePostgresAndRedisUp() {
  const listens = (url, port) =>
    new Promise((resolve) => {
      const socket = connect({ host: new URL(url).hostname, port: Number(new URL(url).port || port), timeout: 1000 });
      const settle = (answer) => () => {
        socket.destroy();
        resolve(answer);
      };
      socket.once('connect', settle(true)).once('error', settle(false)).once('timeout', settle(false));
    });
  return (await listens(postgresUrl(), 5432)) && (await listens(redisUrl(), 6379));
}

/** @param {'sqlite' | 'postgres'} engine @returns {Promise<{env: NodeJS.ProcessEnv, remove: () => Promise<void>}>} */
export async function prepareEngine(engine) {
  if (engine === 'sqlite') return { env: {}, remove: async () => {} };
  const { default: pg } = await import('pg');
  const server = postgresUrl();
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
    env: { DATABASE_URL: url.href, REDIS_URL: redisUrl(), REDIS_PREFIX: name },
    remove: () => administer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

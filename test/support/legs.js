// Which databases and caches the e2e suites run on: SQLite with the process's memory always, PostgreSQL and Redis where they
// are named by TEST_DATABASE_URL and TEST_REDIS_URL or listen on their usual local ports. And which tools a few suites need.
import { spawnSync } from 'node:child_process';
import { connect } from 'node:net';

const DATABASE_URL = process.env.TEST_DATABASE_URL ?? 'postgres://postgres:postgres@127.0.0.1:5432/postgres';
const REDIS_URL = process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379';
/** Each with arguments that succeed where it is there and allowed to work. */
const TOOLS = Object.entries({ strace: ['-o', '/dev/null', 'true'], prlimit: ['--fsize'], pg_dump: ['--version'] });

/**
 * @returns {Promise<{legs: {name: string, databaseUrl?: string, redisUrl?: string}[], missing: {name: string, folders: string[]}[]}>}
 * `folders` are the names of those that hold suites which cannot do without it
 */
export async function detectLegs() {
  const [postgres, redis] = await Promise.all([answers(DATABASE_URL, 5432), answers(REDIS_URL, 6379)]);
  const legs = [{ name: 'sqlite' }];
  if (redis) legs.push({ name: 'sqlite+redis', redisUrl: REDIS_URL });
  if (postgres) legs.push({ name: 'postgres', databaseUrl: DATABASE_URL });
  if (postgres && redis) legs.push({ name: 'postgres+redis', databaseUrl: DATABASE_URL, redisUrl: REDIS_URL });
  const missing = [];
  if (!postgres) missing.push({ name: 'PostgreSQL', folders: ['postgres', 'replicas'] });
  if (!redis) missing.push({ name: 'Redis', folders: ['redis', 'replicas'] });
  for (const [name, args] of TOOLS) if (spawnSync(name, args).status !== 0) missing.push({ name, folders: [name] });
  return { legs, missing };
}

function answers(url, usualPort) {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) || usualPort, timeout: 1_000 });
    const finish = (result) => {
      socket.destroy();
      resolve(result);
    };
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
    socket.once('timeout', () => finish(false));
  });
}

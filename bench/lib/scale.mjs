/**
 * `npm run bench -- --scale`: what a request costs when the table is a hundred times as large, and what more processes on one database and
 * one cache are worth. Figures of ours alone: here it is compared with itself.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { send } from './client.mjs';
import { addBatch, newItem, SEARCH_WORDS, seed } from './dataset.mjs';
import { prepareEngine } from './engine.mjs';
import { LoadGenerator } from './load.mjs';
import { processesTable, sizeTable } from './report.mjs';
import { Server } from './server.mjs';
import { median } from './stats.mjs';

const BATCH = 500;
const LIST = '/v1/watchlists';
/** Small enough for a list of a hundred items to have pages in its depth. */
const PAGE_OF_A_WALK = 10;
const WALKS = 2;
const PROCESSES = [1, 2, 4];

/** Of the larger table against the smaller one; a search, in milliseconds. */
const FIGURES = { first: 2, deep: 2, title: 2, search: 20 };

const environment = () => ({
  NODE_ENV: 'development',
  JWT_SECRET: randomBytes(32).toString('hex'),
  ACCESS_TOKEN_TTL: '2h',
  BCRYPT_COST: '4',
  RATE_LIMIT: 'off',
  LOG_LEVEL: 'warn',
});

/** @param {ReturnType<import('./options.mjs').readOptions>} options */
export async function runScale(options) {
  const { users, sizes } = options.scale;
  for (const engine of ['sqlite', 'postgres']) {
    const [small, large] = [await costsAt(engine, users, sizes[0], options), await costsAt(engine, users, sizes[1], options)];
    const rows = Object.entries(FIGURES).map(([name, most]) => {
      const ratio = large[name] / small[name];
      return { name, small: small[name], large: large[name], ratio, pass: name === 'search' ? large[name] <= most : ratio <= most };
    });
    console.log(
      `${engine}, median milliseconds of a request that is in no cache\n\n${sizeTable(users * sizes[0], users * sizes[1], rows)}\n`,
    );
  }
  console.log(`PostgreSQL and Redis, 32 connections in all\n\n${processesTable(await throughputOf(options))}`);
}

/** Medians, in milliseconds, on a table of users × itemsEach items. */
async function costsAt(engineName, users, itemsEach, options) {
  const engine = await prepareEngine(engineName);
  const server = new Server('ours', options.entries.ours, { ...environment(), ...engine.env });
  try {
    await server.start();
    const accounts = await seed(server.port, users, 0, false);
    await addItems(server.port, accounts[0], itemsEach);
    await server.stop();
    await giveToOthers(engine.env.DATABASE_URL, join(server.folder, 'watchlist.db'), accounts[0].email);
    await server.start();
    return await measure(server.port, accounts);
  } finally {
    await server.stop();
    server.remove();
    await engine.remove();
  }
}

async function addItems(port, user, count) {
  for (let from = 0; from < count; from += BATCH) {
    const items = Array.from({ length: Math.min(BATCH, count - from) }, (_, index) => {
      const item = newItem(from + index);
      return { ...item, title: `${item.title} ${from + index}` };
    });
    await addBatch(port, user, items);
  }
}

/** From behind, because a million requests would take longer than everything that is measured: the same rows, for each other user. */
async function giveToOthers(databaseUrl, file, email) {
  const copy = (columns, newId) => {
    const values = columns.map((name) => ({ id: newId, user_id: 'others.id' })[name] ?? `items.${name}`);
    return `INSERT INTO watchlist_items (${columns.join(', ')}) SELECT ${values.join(', ')} FROM watchlist_items items
      JOIN users owner ON owner.id = items.user_id AND owner.email = '${email}' JOIN users others ON others.id <> owner.id`;
  };
  if (databaseUrl === undefined) {
    const { default: Database } = await import('better-sqlite3');
    const database = new Database(file);
    const columns = database.pragma('table_info(watchlist_items)').map(({ name }) => name);
    database.exec(copy(columns, 'lower(hex(randomblob(18)))'));
    database.pragma('wal_checkpoint(TRUNCATE)');
    database.close();
    return;
  }
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { fields } = await client.query('SELECT * FROM watchlist_items LIMIT 0');
  const columns = fields.map(({ name }) => name);
  await client.query(copy(columns, 'gen_random_uuid()::varchar'));
  await client.query('VACUUM ANALYZE watchlist_items');
  await client.end();
}

async function measure(port, accounts) {
  const timed = async (account, path) => {
    const started = performance.now();
    const { status, headers, text } = await send(port, 'GET', path, account);
    const ms = performance.now() - started;
    if (status !== 200 || headers['x-cache'] !== 'MISS')
      throw new Error(`${path} answered ${status} with X-Cache ${String(headers['x-cache'])}`);
    return { ms, page: JSON.parse(text) };
  };
  const medianOf = async (requests) => {
    const times = [];
    for (const [account, path] of requests) times.push((await timed(account, path)).ms);
    return median(times);
  };
  const walk = async (account) => {
    const times = [];
    for (let cursor = ''; cursor !== null;) {
      const { ms, page } = await timed(account, `${LIST}?limit=${PAGE_OF_A_WALK}${cursor && `&cursor=${cursor}`}`);
      times.push(ms);
      cursor = page.next_cursor;
    }
    return times.slice(-Math.ceil(times.length / 10));
  };
  await medianOf(accounts.map((account) => [account, `${LIST}?limit=19`])); // until the code is compiled
  const first = await medianOf(accounts.map((account) => [account, `${LIST}?limit=20`]));
  const title = await medianOf(accounts.map((account) => [account, `${LIST}?limit=20&sort=title`]));
  const search = await medianOf(accounts.flatMap((account) => SEARCH_WORDS.map((word) => [account, `${LIST}?limit=20&q=${word}`])));
  const depths = [];
  for (const account of accounts.slice(0, WALKS)) depths.push(...(await walk(account)));
  return { first, deep: median(depths), title, search };
}

/** Requests per second of one, two and four processes on the same PostgreSQL and Redis. */
async function throughputOf(options) {
  const engine = await prepareEngine('postgres');
  const env = { ...environment(), ...engine.env };
  const servers = Array.from(
    { length: Math.max(...PROCESSES) },
    (_, index) => new Server(`process ${index + 1}`, options.entries.ours, env),
  );
  const loads = servers.map(() => new LoadGenerator());
  try {
    await servers[0].start();
    const users = await seed(servers[0].port, options.users, options.itemsPerUser, true);
    const rows = [];
    for (const processes of PROCESSES) {
      for (const server of servers.slice(0, processes)) if (!server.running) await server.start();
      for (const scenario of ['list-hot', 'mixed']) {
        const jobs = servers.slice(0, processes).map(({ port, pid }, index) =>
          loads[index].run({
            kind: 'throughput',
            scenario,
            port,
            pid,
            users,
            connections: 32 / processes,
            seconds: options.scale.seconds,
            warmupSeconds: options.firstWarmupSeconds,
            // Each adds titles of its own.
            from: (index + 1) * 100_000_000 + rows.length * 1_000_000,
          }),
        );
        const results = await Promise.all(jobs);
        const sum = (figure) => results.reduce((total, result) => total + result[figure], 0);
        rows.push({ processes, scenario, perSecond: sum('perSecond'), coresBusy: sum('coresBusy') });
      }
    }
    return rows;
  } finally {
    for (const load of loads) load.stop();
    for (const server of servers) {
      await server.stop();
      server.remove();
    }
    await engine.remove();
  }
}

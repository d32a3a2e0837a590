/**
 * `npm run bench`: how fast is the service, beside what one would write by hand? Starts them (never loading two at once), gives them the
 * same data through the API, takes alternating rounds of every scenario and prints ratios of medians. `--help` tells the options;
 * the figures to reach are in lib/scenarios.mjs. Exit code 1 means that no honest figure could be taken, not that one was missed.
 */
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { inParallel } from './lib/client.mjs';
import { logIn, registerLogins, seed } from './lib/dataset.mjs';
import { prepareEngine } from './lib/engine.mjs';
import { LoadGenerator } from './lib/load.mjs';
import { measureStorm, measureThroughput } from './lib/measure.mjs';
import { readOptions } from './lib/options.mjs';
import { memoryMb } from './lib/proc.mjs';
import { costTable, noiseNote, processTable, progressLine, stormTable, throughputTable } from './lib/report.mjs';
import { runScale } from './lib/scale.mjs';
import { SCENARIOS, STORM } from './lib/scenarios.mjs';
import { Server } from './lib/server.mjs';
import { median } from './lib/stats.mjs';

const TITLES = { sqlite: 'On SQLite, the cache in memory', postgres: 'On PostgreSQL and Redis; the baseline is still on SQLite' };
const TOKENS_ARE_OLD_AFTER_MS = 10 * 60_000; // they live for 15 minutes

/** Seeds a fresh server at a bcrypt cost that takes no time, then starts it as production does, `starts` times over. */
async function prepare(server, options, starts) {
  await server.start({ NODE_ENV: 'development', BCRYPT_COST: '4' });
  const users = await seed(server.port, options.users, options.itemsPerUser, server.entry !== options.entries.baseline);
  const seededAt = Date.now();
  await server.stop();
  const startsMs = [];
  for (let i = 0; i < starts; i++) {
    await server.stop();
    startsMs.push(await server.start());
  }
  await pause(1500); // what a start leaves behind is collected, or is what idling costs
  const figures = { startMs: median(startsMs), idleMb: memoryMb(server.pid).now, afterMb: NaN, peakMb: NaN };
  const logsIn = options.only.has('login') || options.only.has(STORM.name);
  const logins = logsIn ? await registerLogins(server.port, options.loginAccounts) : [];
  return { server, users, logins, loggedInAt: seededAt, figures };
}

async function freshTokens(sides) {
  for (const side of Object.values(sides)) {
    if (Date.now() - side.loggedInAt < TOKENS_ARE_OLD_AFTER_MS) continue;
    await inParallel(side.users, 4, (user) => logIn(side.server.port, user));
    side.loggedInAt = Date.now();
  }
}

/** How long this disk takes over one fsync: what the figures of `create` hang on. Under 0.05 ms it is none worth the name. */
function fsyncMs() {
  const folder = mkdtempSync(join(tmpdir(), 'watchlist-bench-'));
  const file = openSync(join(folder, 'probe'), 'w');
  const times = Array.from({ length: 50 }, () => {
    const started = performance.now();
    writeSync(file, 'x'.repeat(4096));
    fsyncSync(file);
    return performance.now() - started;
  });
  closeSync(file);
  rmSync(folder, { recursive: true });
  return median(times);
}

async function run(options) {
  const began = performance.now();
  const seconds = () => ((performance.now() - began) / 1000).toFixed(0);
  const machine = { cores: availableParallelism(), cpu: cpus()[0]?.model.trim(), node: process.version, fsyncMs: fsyncMs() };
  console.log(
    `${machine.cores} cores (${machine.cpu}), Node ${machine.node}, fsync ${machine.fsyncMs.toFixed(2)} ms, ${options.engines.join(' and ')}\n`,
  );

  const env = {
    NODE_ENV: 'production',
    JWT_SECRET: randomBytes(32).toString('hex'),
    BCRYPT_COST: '12',
    RATE_LIMIT: 'off',
    LOG_LEVEL: 'warn',
  };
  const nodeOptions = options.profile ? ['--cpu-prof', '--cpu-prof-dir', options.profile] : [];
  const databases = [];
  const servers = { baseline: new Server('baseline', options.entries.baseline, env) };
  const removeAll = () => Object.values(servers).forEach((server) => server.remove());
  const dropAll = () => Promise.all(databases.map((database) => database.remove()));
  process.once('exit', removeAll);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => dropAll().finally(() => process.exit(130)));

  const load = new LoadGenerator();
  try {
    for (const engine of options.engines) {
      const database = await prepareEngine(engine);
      databases.push(database);
      servers[engine] = new Server(engine, options.entries.ours, { ...env, ...database.env }, nodeOptions);
    }
    const sides = {};
    for (const [name, server] of Object.entries(servers))
      sides[name] = await prepare(server, options, name === options.engines[0] ? options.starts : 1);
    console.log(`${options.users} users × ${options.itemsPerUser} items on each, ${seconds()} s\n`);

    const outcomes = [];
    for (const scenario of SCENARIOS.filter(({ name }) => options.only.has(name))) {
      await freshTokens(sides);
      const measured = await measureThroughput(load, sides, scenario, options);
      outcomes.push(...measured);
      for (const outcome of measured) console.log(progressLine(outcome));
    }
    let storms = [];
    if (options.only.has(STORM.name)) {
      await freshTokens(sides);
      storms = await measureStorm(load, sides, options);
    }
    const processes = finalFigures(sides);

    for (const engine of options.engines) {
      const its = outcomes.filter((outcome) => outcome.engine === engine);
      if (its.length > 0) console.log(`\n${TITLES[engine]}\n\n${throughputTable(its)}\n\n${costTable(its)}`);
    }
    if (storms.length > 0) console.log(`\n${stormTable(storms)}`);
    console.log(`\n${processTable(processes)}\n\n${noiseNote([...outcomes, ...storms])}${seconds()} s`);
    if (options.json) {
      const report = {
        at: new Date().toISOString(),
        machine,
        options: { ...options, only: [...options.only] },
        outcomes,
        storms,
        processes,
      };
      writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
    }
  } catch (error) {
    for (const server of Object.values(servers)) if (server.log()) console.error(`\n${server.name} printed last:\n${server.log()}`);
    throw error;
  } finally {
    load.stop();
    for (const server of Object.values(servers)) await server.stop();
    await dropAll();
    process.off('exit', removeAll);
    removeAll();
  }
}

function finalFigures(sides) {
  const figuresOf = ([name, { server, figures }]) => {
    const { now, peak } = memoryMb(server.pid);
    const pass = figures.startMs <= 1500 && !(figures.idleMb > 150) && !(now > 300);
    return [name, { ...figures, afterMb: now, peakMb: peak, ...(name !== 'baseline' && { pass }) }];
  };
  return Object.fromEntries(Object.entries(sides).map(figuresOf));
}

try {
  const options = await readOptions(process.argv.slice(2));
  if (options) await (options.scale ? runScale(options) : run(options));
} catch (error) {
  console.error(`\nbench: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

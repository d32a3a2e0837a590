/**
 * The command line of `npm run bench`, turned into the numbers the run works with. Defaults are sized for the whole run to stay under four
 * minutes on two cores, and `--quick` for one.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { arePostgresAndRedisUp, ENGINES } from './engine.mjs';
import { NAMES } from './scenarios.mjs';

const HELP = `npm run bench -- [options]
  --only a,b      only these scenarios: ${NAMES.join(', ')}
  --quick         SQLite alone, short rounds and fewer users, under a minute: for a first look
  --rounds n      alternating rounds (3, on one engine 5; of logins 3; quick 3 and 1)
  --seconds n     length of a measured round (0.7; quick 0.5)
  --engine name   sqlite alone, or postgres alone: with Redis, from DATABASE_URL and REDIS_URL or this machine's own (both, if they answer)
  --entry file    the built service (dist/main.js)
  --scale         instead of all this: cost against the size of the table, and one, two and four processes
  --self          the baseline on both sides: every ratio should be 1.00, what is not is this machine's noise
  --profile dir   write a V8 CPU profile of our side there: with --only, what a scenario spends its time on
  --json file     also write every figure to a file`;

const BASELINE = fileURLToPath(new URL('../baseline/server.mjs', import.meta.url));
const SERVICE = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** @param {string[]} args @returns the settings, or nothing when only help was asked for; rejects with an Error that says what is wrong */
export async function readOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string', default: NAMES.join(',') },
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      engine: { type: 'string' },
      entry: { type: 'string' },
      scale: { type: 'boolean', default: false },
      self: { type: 'boolean', default: false },
      json: { type: 'string' },
      profile: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return undefined;
  }
  const { quick } = values;
  const only = new Set(values.only.split(','));
  const unknown = [...only].filter((name) => !NAMES.includes(name));
  if (unknown.length > 0) throw new Error(`unknown scenario ${unknown.join(', ')}; there are: ${NAMES.join(', ')}`);
  if (values.engine !== undefined && !ENGINES.includes(values.engine)) throw new Error(`--engine is ${ENGINES.join(' or ')}`);
  const engines = await chooseEngines(values);
  const entry = values.self ? BASELINE : values.entry ? resolve(values.entry) : SERVICE;
  if (!existsSync(entry)) throw new Error(`there is no ${entry}: run "npm run build" first`);
  return {
    only,
    quick,
    engines,
    self: values.self,
    scale: values.scale && { users: quick ? 20 : 100, sizes: quick ? [50, 500] : [100, 10_000], seconds: quick ? 1 : 3 },
    json: values.json,
    profile: values.profile && resolve(values.profile),
    entries: { ours: entry, baseline: BASELINE },
    rounds: positive('--rounds', values.rounds ?? (quick || engines.length > 1 ? '3' : '5')),
    seconds: positive('--seconds', values.seconds ?? (quick ? '0.5' : '0.7')),
    /** Before a server's first round of a scenario, until its code is compiled as it is after minutes of service; then before each round. Not measured. */
    firstWarmupSeconds: quick ? 0.7 : 1.5,
    warmupSeconds: quick ? 0.1 : 0.2,
    connections: 32,
    users: quick ? 30 : 200,
    itemsPerUser: 50,
    starts: quick || values.profile ? 1 : 3,
    /** Hashing passwords is slow by design: fewer rounds, and in a quick run one of a quarter. */
    loginRounds: positive('--rounds', values.rounds ?? (quick ? '1' : '3')),
    loginConnections: quick ? 8 : 10,
    loginAccounts: 16,
    loginLoops: 32,
    quietSeconds: 0.8,
    stormSeconds: quick ? 1.5 : 1.8,
  };
}

function positive(flag, text) {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`${flag} must be a positive number`);
  return value;
}

/** Both where that was not ruled out and they answer. */
async function chooseEngines({ engine, quick, self }) {
  if (engine) return [engine];
  return !quick && !self && (await arePostgresAndRedisUp()) ? ENGINES : ['sqlite'];
}

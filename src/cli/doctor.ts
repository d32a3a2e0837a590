// npm run doctor: looks at everything a service depends on, says in plain words what it found, and exits with 1 when something is wrong.
import 'reflect-metadata';
import { access, constants, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { DAMAGES } from '../audit/audit-verification.service.js';
import { cacheChecks } from '../cache/cache-checks.js';
import type { Check } from '../config/check.js';
import { type Config, loadConfig } from '../config/config.js';
import { databaseChecks, isMigrated } from '../database/database-checks.js';
import { runCommand } from './command.js';
import { verifyTrail } from './verify-trail.js';

const LEAST_FREE_BYTES = 256 * 1024 * 1024;
/** Ids and expiry times count on the clock; this program was not there earlier. */
const EARLIEST_SENSIBLE = Date.UTC(2026, 0);

runCommand(async () => {
  const config = loadConfig();
  const checks = [
    { name: 'Configuration', run: async () => 'complete' },
    ...machineChecks(config),
    ...databaseChecks(config),
    { name: 'Audit trail', run: () => checkTrail(config) },
    ...cacheChecks(config),
  ];
  let sound = true;
  for (const check of checks) sound = (await perform(check)) && sound;
  console.log(sound ? '\nAll is well.' : '\nSomething is wrong.');
  return sound ? 0 : 1;
});

async function perform({ name, run }: Check): Promise<boolean> {
  try {
    console.log(`ok    ${name}: ${await run()}`);
    return true;
  } catch (error) {
    console.log(`FAIL  ${name}: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

function machineChecks({ dataDir, host, mode }: Config): Check[] {
  return [
    { name: 'Data folder', run: () => checkFolder(dataDir) },
    { name: 'Signing secret', run: () => checkSecret(join(dataDir, 'jwt-secret')) },
    { name: 'Disk', run: () => checkDisk(dataDir) },
    { name: 'Clock', run: async () => checkClock() },
    { name: 'Mode', run: async () => `${mode}, listening on ${host}` },
  ];
}

/** The rest of the program would migrate the database, and a doctor only looks. */
async function checkTrail(config: Config): Promise<string> {
  if (!(await isMigrated(config))) return 'not looked at before the next start has migrated the database';
  const { entries, damage } = await verifyTrail(config);
  if (damage) throw new Error(`broken at entry ${damage.seq}: ${DAMAGES[damage.kind]}`);
  return `whole, with ${entries} sealed entries`;
}

async function checkFolder(dataDir: string): Promise<string> {
  await access(dataDir, constants.R_OK | constants.W_OK).catch(() => {
    throw new Error(`${dataDir} cannot be read and written by this user`);
  });
  return `${dataDir} can be read and written`;
}

async function checkSecret(file: string): Promise<string> {
  const found = await stat(file).catch(() => undefined);
  if (!found) return 'from the environment';
  if ((found.mode & 0o077) !== 0) throw new Error(`${file} can be read by others: chmod 600 it`);
  return 'kept in the data folder, for its owner alone';
}

async function checkDisk(dataDir: string): Promise<string> {
  const { bavail, bsize } = await statfs(dataDir);
  const megabytes = Math.floor((bavail * bsize) / 1024 / 1024);
  if (bavail * bsize < LEAST_FREE_BYTES) throw new Error(`only ${megabytes} MiB are free`);
  return `${megabytes} MiB are free`;
}

function checkClock(): string {
  const at = new Date();
  if (at.getTime() < EARLIEST_SENSIBLE) throw new Error(`it says ${at.toISOString()}, which is in the past`);
  return at.toISOString();
}

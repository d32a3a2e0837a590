// npm run restore -- <file> [--force]: puts a backup in the place of the data; verifies first, overwrites only when told to.
import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Config, loadConfig } from '../config/config.js';
import { verifyChecksum } from '../database/backup/checksum.js';
import { isPostgresEmpty, restorePostgres } from '../database/backup/postgres-backup.js';
import { restoreSqlite } from '../database/backup/sqlite-backup.js';
import { sqliteFile } from '../database/sqlite.js';
import { runCommand, UsageError } from './command.js';

runCommand(async (args) => {
  const force = args.includes('--force');
  const [target, ...rest] = args.filter((arg) => arg !== '--force');
  if (target === undefined || rest.length > 0) throw new UsageError('Usage: npm run restore -- <file> [--force]');
  const file = resolve(target);
  const config = loadConfig();
  await verifyChecksum(file);
  if (!force && !(await isEmpty(config))) throw new Error('There is data already: give --force to put the backup in its place');
  if (config.databaseUrl !== undefined) await restorePostgres(config.databaseUrl, file);
  else tell('The database that was there is now', await restoreSqlite(config, file));
  tell('The audit log that was there is now', await setAuditLogAside(config));
  console.log(`Restored from ${file}`);
  return 0;
});

async function isEmpty(config: Config): Promise<boolean> {
  return config.databaseUrl === undefined ? !existsSync(sqliteFile(config)) : isPostgresEmpty(config);
}

/** It tells of entries the restored database may not have; the service writes it anew. */
async function setAuditLogAside(config: Config): Promise<string | undefined> {
  const log = join(config.dataDir, 'audit.log');
  if (!existsSync(log)) return undefined;
  const aside = `${log}.before-${new Date().toISOString().replaceAll(':', '-')}`;
  await rename(log, aside);
  return aside;
}

function tell(what: string, where: string | undefined): void {
  if (where !== undefined) console.log(`${what} ${where}`);
}

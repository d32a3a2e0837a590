// npm run backup -- <file>: a consistent, checksummed copy of everything, while the service goes on.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadConfig } from '../config/config.js';
import { writeChecksum } from '../database/backup/checksum.js';
import { backupPostgres } from '../database/backup/postgres-backup.js';
import { backupSqlite } from '../database/backup/sqlite-backup.js';
import { runCommand, UsageError } from './command.js';

runCommand(async ([target]) => {
  if (target === undefined) throw new UsageError('Usage: npm run backup -- <file>');
  const file = resolve(target);
  if (existsSync(file)) throw new Error(`${file} is there already: a backup never overwrites one`);
  const config = loadConfig();
  await (config.databaseUrl === undefined ? backupSqlite(config, file) : backupPostgres(config.databaseUrl, file));
  console.log(`Backed up to ${file}\nsha256 ${await writeChecksum(file)}`);
  return 0;
});

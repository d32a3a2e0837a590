// Backup and restore of PostgreSQL by its own tools, which know it best: pg_dump and pg_restore must be installed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rename } from 'node:fs/promises';
import { DataSource } from 'typeorm';
import type { Config } from '../../config/config.js';
import { childEnvironment } from '../../config/environment.js';
import { postgresOptions } from '../postgres.js';

/** @throws Error with what the tool said */
export async function backupPostgres(databaseUrl: string, file: string): Promise<void> {
  const unfinished = `${file}.unfinished`;
  await run('pg_dump', databaseUrl, ['--format=custom', '--no-owner', '--no-privileges', `--file=${unfinished}`]);
  await rename(unfinished, file);
}

/** In one transaction: the database is as it was, or wholly the backup. @throws Error with what the tool said */
export async function restorePostgres(databaseUrl: string, file: string): Promise<void> {
  await run('pg_restore', databaseUrl, ['--clean', '--if-exists', '--single-transaction', '--no-owner', '--no-privileges', file]);
}

/** Whether restoring would overwrite anything. */
export async function isPostgresEmpty(config: Config): Promise<boolean> {
  const dataSource = await new DataSource(postgresOptions(config)).initialize();
  try {
    return !(await dataSource.createQueryRunner().hasTable('users'));
  } finally {
    await dataSource.destroy();
  }
}

/** The password goes by the environment: everybody on the machine can read how a program was called. */
async function run(tool: string, databaseUrl: string, args: string[]): Promise<void> {
  const url = new URL(databaseUrl);
  const PGPASSWORD = decodeURIComponent(url.password);
  url.password = '';
  const child = spawn(tool, [`--dbname=${url.href}`, ...args], {
    stdio: ['ignore', 'inherit', 'pipe'],
    env: childEnvironment(PGPASSWORD === '' ? {} : { PGPASSWORD }),
  });
  const said: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
  const [code] = (await once(child, 'close').catch(() => {
    throw new Error(`${tool} is not installed: it comes with PostgreSQL's client package`);
  })) as [number];
  if (code !== 0) throw new Error(`${tool} failed: ${Buffer.concat(said).toString().trim()}`);
}

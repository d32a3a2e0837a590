// Backup and restore of SQLite: the library's own online backup, so that writes go on meanwhile.
import { existsSync } from 'node:fs';
import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { Config } from '../../config/config.js';
import { sqliteFile } from '../sqlite.js';

/** All at once: one consistent picture, and no start over when somebody writes between two steps. */
const ALL_PAGES = 2_147_483_647;

/** @throws Error when there is nothing to back up, or the copy turns out damaged */
export async function backupSqlite(config: Config, file: string): Promise<void> {
  const unfinished = `${file}.unfinished`;
  const source = new Sqlite(sqliteFile(config), { readonly: true, fileMustExist: true });
  try {
    await source.backup(unfinished, { progress: () => ALL_PAGES });
  } finally {
    source.close();
  }
  makeSingleFile(unfinished);
  assertSound(unfinished);
  await rename(unfinished, file);
}

/** @returns where the database that was there before is now, if there was one. @throws Error when the service still runs */
export async function restoreSqlite(config: Config, file: string): Promise<string | undefined> {
  assertSound(file);
  const target = sqliteFile(config);
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  const incoming = `${target}.restoring`;
  await copyFile(file, incoming);
  const aside = existsSync(target) ? await setAside(target) : undefined;
  await rename(incoming, target);
  return aside;
}

/** A database in WAL mode is up to three files; a backup is one. */
function makeSingleFile(file: string): void {
  const database = new Sqlite(file);
  database.pragma('journal_mode = DELETE');
  database.close();
}

function assertSound(file: string): void {
  const database = new Sqlite(file, { readonly: true, fileMustExist: true });
  try {
    const verdict = database.pragma('integrity_check', { simple: true });
    if (verdict !== 'ok') throw new Error(`the backup is damaged: ${String(verdict)}`);
    if ((database.pragma('foreign_key_check') as unknown[]).length > 0)
      throw new Error('the backup is damaged: rows refer to rows that are not there');
  } finally {
    database.close();
  }
}

async function setAside(target: string): Promise<string> {
  takeForItself(target);
  const aside = `${target}.before-${new Date().toISOString().replaceAll(':', '-')}`;
  await rename(target, aside);
  await Promise.all(['-wal', '-shm'].map((suffix) => rm(`${target}${suffix}`, { force: true })));
  return aside;
}

/** Brings everything into the one file; cannot be had while another process has the database open. */
function takeForItself(target: string): void {
  const database = new Sqlite(target, { timeout: 100 });
  try {
    database.pragma('locking_mode = EXCLUSIVE');
    database.pragma('journal_mode = DELETE');
  } catch {
    throw new Error('the service still runs on this database: stop it first');
  } finally {
    database.close();
  }
}

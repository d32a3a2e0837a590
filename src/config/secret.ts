// The signing secret of a service that was given none: made once, kept beside the data, readable by its owner alone.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** 256 bits, as RFC 7518 section 3.2 asks of an HS256 key. */
export const MINIMUM_SECRET_BYTES = 32;

/** Reads `jwt-secret` in the data folder, or makes it (mode 0600, so nobody else on the machine can read it). */
export function keptSecret(dataDir: string): string {
  const file = join(dataDir, 'jwt-secret');
  if (!existsSync(file)) {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    createOnce(file, randomBytes(MINIMUM_SECRET_BYTES).toString('base64url'));
  }
  return readFileSync(file, 'utf8').trim();
}

/** Two processes may start together on an empty folder: the first to create the file wins, the other reads it. */
function createOnce(file: string, content: string): void {
  try {
    writeFileSync(file, `${content}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

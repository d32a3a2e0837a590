// The signing secret of a service that was given none: made once, kept beside the data, readable by its owner alone.
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** 256 bits, as RFC 7518 section 3.2 asks of an HS256 key. */
export const MINIMUM_SECRET_BYTES = 32;

/**
 * Reads `jwt-secret` in the data folder, or makes it (mode 0600, so nobody else on the machine can read it).
 * @throws Error when the file holds too little to sign with
 */
export function keptSecret(dataDir: string): string {
  const file = join(dataDir, 'jwt-secret');
  if (!existsSync(file)) {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    createOnce(file, randomBytes(MINIMUM_SECRET_BYTES).toString('base64url'));
  }
  const secret = readFileSync(file, 'utf8').trim();
  if (Buffer.byteLength(secret) < MINIMUM_SECRET_BYTES) throw new Error(`${file} is damaged: remove it, and everybody logs in again`);
  return secret;
}

/** Two processes may start together on an empty folder: the first to finish the file wins, and nobody sees half of one. */
function createOnce(file: string, content: string): void {
  const draft = `${file}.${randomUUID()}`;
  writeFileSync(draft, `${content}\n`, { flag: 'wx', mode: 0o600, flush: true });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(draft);
  }
}

// A backup is only as good as the proof that it is the one that was made: a checksum beside it, as `sha256sum -c` reads it.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';

export async function writeChecksum(file: string): Promise<string> {
  const checksum = await checksumOf(file);
  await writeFile(`${file}.sha256`, `${checksum}  ${basename(file)}\n`);
  return checksum;
}

/** @throws Error when there is no checksum beside the file, or another one */
export async function verifyChecksum(file: string): Promise<void> {
  const expected = await readFile(`${file}.sha256`, 'utf8').catch(() => undefined);
  if (expected === undefined) throw new Error(`there is no checksum beside the backup: ${file}.sha256 is missing`);
  if (expected.split(/\s/, 1)[0] !== (await checksumOf(file))) throw new Error('the backup is damaged: its checksum is another one');
}

async function checksumOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

// The chain: how an entry is written down and hashed together with the hash of the entry before it. A line of `audit.log` is
// the hashed text itself with its hash put in at the end, so the file can be checked without this program:
//   sed 's/,"hash":"[0-9a-f]*"}$/}/' takes the hash out of a line; SHA-256 over the rest, without the line break, gives it again.
import { hash as digest } from 'node:crypto';
import type { AuditRow } from './audit-row.js';

/** What stands for the hash before the first entry. */
export const GENESIS = '0'.repeat(64);

/** An entry's place in the chain. */
export interface Seal {
  readonly seq: number;
  /** SHA-256 in hexadecimal. */
  readonly hash: string;
}

export const BEFORE_FIRST: Seal = { seq: 0, hash: GENESIS };

export interface SealedText extends Seal {
  /** The entry's line in `audit.log`, without the line break. */
  readonly line: string;
}

/** What the entry that follows `previous` hashes to, and its line. */
export function sealAfter(previous: Seal, entry: AuditRow): SealedText {
  const { id, at, actor_id, action, target_type, target_id, request_id, ip } = entry;
  const seq = previous.seq + 1;
  const fields = JSON.stringify({ seq, id, at, actor_id, action, target_type, target_id, request_id, ip });
  const text = `${fields.slice(0, -1)},"changes":${onOneLine(entry.changes)},"previous_hash":"${previous.hash}"}`;
  const hash = digest('sha256', text);
  return { seq, hash, line: `${text.slice(0, -1)},"hash":"${hash}"}` };
}

/** JSON as it is stored, byte for byte. The service stores no line breaks; what somebody else stored must not forge lines. */
function onOneLine(changes: string): string {
  return /[\r\n]/.test(changes) ? JSON.stringify(changes) : changes;
}

const LINE = /^\{"seq":(\d{1,10}),"id":"([^"]*)",.*"previous_hash":"([0-9a-f]{64})"(,"hash":"([0-9a-f]{64})")\}$/s;

export interface LoggedEntry extends Seal {
  readonly id: string;
  readonly previousHash: string;
}

/** @returns nothing when the line is not one of ours, or no longer what was hashed */
export function readLine(line: string): LoggedEntry | undefined {
  const [, seq, id, previousHash, hashField, hash] = LINE.exec(line) ?? [];
  if (id === undefined || previousHash === undefined || hashField === undefined || hash === undefined) return undefined;
  const text = `${line.slice(0, -hashField.length - 1)}}`;
  return digest('sha256', text) === hash ? { seq: Number(seq), id, previousHash, hash } : undefined;
}

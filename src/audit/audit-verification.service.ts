// Proves the trail: walks every sealed entry from the first one on, computes its hash anew and compares it with what is stored
// and with its line in `audit.log`. Only reads, and in pages: it takes the same memory for ten entries as for millions.
import { setImmediate as yieldToRequests } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';
import { BEFORE_FIRST, readLine, type Seal, sealAfter } from './audit-chain.js';
import { AuditLogFile } from './audit-log-file.js';
import { AuditRepository } from './audit.repository.js';
import type { SealedRow } from './audit-row.js';

/** Entries per page: bounds the memory, and how long requests wait for the event loop. */
const PAGE = 250;

/** What can have been done to an entry, and how it shows. */
export const DAMAGES = {
  edited: 'its content is not what was sealed',
  missing: 'the entry that was sealed with this number is gone',
  inserted: 'the entry that stands here was never sealed',
  reordered: 'the entry that stands here was sealed with another number',
  'tail cut': 'audit.log has this entry, the database ends before it',
  rewritten: 'its hash was made anew: audit.log has another entry here',
  'log edited': 'its line in audit.log is not what was sealed, the entry in the database is',
} as const;
export type DamageKind = keyof typeof DAMAGES;

export interface Damage {
  /** The first number whose entry is not as it was sealed. */
  readonly seq: number;
  readonly kind: DamageKind;
  /** The line of that number in `audit.log`. */
  readonly line: string | undefined;
}

export interface Verification {
  /** How many sealed entries the database has. */
  readonly entries: number;
  /** The last entry that is whole with all before it. */
  readonly head: Seal;
  /** How many entries `audit.log` confirmed. A cut tail or a trail rewritten as a whole shows against it alone. */
  readonly confirmed: number;
  readonly damage: Damage | undefined;
}

/** @param entries how many were looked at so far @param total about how many there are */
export type Progress = (entries: number, total: number) => void;

@Injectable()
export class AuditVerificationService {
  constructor(
    private readonly trail: AuditRepository,
    private readonly config: Config,
  ) {}

  /** @param onProgress called after each page */
  async verify(onProgress: Progress = () => undefined): Promise<Verification> {
    const log = await this.openLog();
    try {
      return await this.walk(log, onProgress);
    } finally {
      await log?.close();
    }
  }

  private async walk(log: AuditLogFile | undefined, onProgress: Progress): Promise<Verification> {
    const total = await this.trail.findHighestSeq();
    let [head, entries, confirmed] = [BEFORE_FIRST, 0, 0];
    let damage: Damage | undefined;
    let after: number | undefined;
    for (let logGoesOn = log !== undefined; ; await yieldToRequests()) {
      // The file before the database, which is never behind it: what only the file has was cut off.
      const lines = logGoesOn && log ? await log.readLines(PAGE) : [];
      const rows = await this.trail.listSealed(after, PAGE);
      if (rows.length === 0 && lines.length === 0) return { entries, head, confirmed, damage };
      if (!damage) {
        const whole = wholeEntries(head, rows, lines);
        confirmed += Math.min(whole.length, lines.length);
        head = whole.at(-1) ?? head;
        if (whole.length < Math.max(rows.length, lines.length)) {
          damage = await this.diagnose(head, confirmed, rows[whole.length], lines[whole.length]);
        }
      }
      logGoesOn = !damage && lines.length === PAGE;
      entries += rows.length;
      after = rows.at(-1)?.seq ?? after;
      onProgress(entries, total);
    }
  }

  /** What was done to the entry behind the last whole one. */
  private async diagnose(head: Seal, confirmed: number, row: SealedRow | undefined, line: string | undefined): Promise<Damage> {
    const seq = head.seq + 1;
    const damage = (kind: DamageKind): Damage => ({ seq, kind, line });
    if (!row) return damage('tail cut');
    if (row.seq !== seq) return damage(row.seq > seq ? 'missing' : 'inserted');
    const logged = line === undefined ? undefined : readLine(line);
    if (row.hash === sealAfter(head, row).hash) return damage(logged?.previousHash === head.hash ? 'rewritten' : 'log edited');
    if (line === undefined) return damage(this.config.auditLog !== undefined && confirmed === head.seq ? 'inserted' : 'edited');
    if (!logged || logged.id === row.id) return damage('edited');
    if ((await this.trail.findSeqOf(logged.id)) === undefined) return damage('missing');
    return damage((await this.isLogged(row.id)) ? 'reordered' : 'inserted');
  }

  private async isLogged(id: string): Promise<boolean> {
    const log = await this.openLog();
    try {
      for (;;) {
        const lines = (await log?.readLines(PAGE)) ?? [];
        if (lines.length === 0) return false;
        if (lines.some((line) => readLine(line)?.id === id)) return true;
      }
    } finally {
      await log?.close();
    }
  }

  private async openLog(): Promise<AuditLogFile | undefined> {
    return this.config.auditLog === undefined ? undefined : AuditLogFile.openToRead(this.config.auditLog);
  }
}

/** The entries of a page up to the first that is not as it was sealed. @param lines of the same numbers; they may end earlier, or go on */
function wholeEntries(before: Seal, rows: readonly SealedRow[], lines: readonly string[]): Seal[] {
  const whole: Seal[] = [];
  let last = before;
  for (const [index, row] of rows.entries()) {
    const sealed = sealAfter(last, row);
    if (row.seq !== sealed.seq || row.hash !== sealed.hash || (lines[index] ?? sealed.line) !== sealed.line) break;
    whole.push(sealed);
    last = sealed;
  }
  return whole;
}

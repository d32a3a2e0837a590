// Copies the sealed trail from the database to `audit.log`, where its last hash is the anchor outside the database: what is cut off
// or written anew in the database afterwards no longer fits it. Line n is the entry with `seq` n and always has the same bytes,
// so each line has its one place in the file. That is why neither a crash nor several replicas on one file can tear or double a
// line: whoever comes next writes the same bytes to the same place.
import { Injectable, Logger } from '@nestjs/common';
import { Config } from '../config/config.js';
import { BEFORE_FIRST, readLine, type Seal, sealAfter } from './audit-chain.js';
import { AuditLogFile } from './audit-log-file.js';
import { AuditRepository } from './audit.repository.js';
import type { SealedRow } from './audit-row.js';

/** Entries that are read and written together: bounds the memory and the time that is taken from requests. */
const PAGE = 250;

/** The trail in the database does not go on where `audit.log` ends, or no longer fits its hashes. */
export class AuditTrailBrokenError extends Error {
  constructor(seq: number) {
    super(
      `The audit trail in the database does not fit audit.log at entry ${seq}, so nothing more is written there. \`npm run audit -- verify\` ` +
        'tells more. If a backup of the database was restored, move audit.log away: the next one begins with the first entry.',
    );
    this.name = 'AuditTrailBrokenError';
  }
}

/** The last entry of the file, and where the next one goes. */
interface End extends Seal {
  readonly place: number;
  readonly inode: number;
}

@Injectable()
export class AuditRelay {
  private readonly logger = new Logger('AuditLog');
  /** As this process left it. */
  private end: End | undefined;

  constructor(
    private readonly entries: AuditRepository,
    private readonly config: Config,
  ) {}

  /**
   * Writes what is sealed and not in the file yet, up to a page of it. What it returns after is on disk.
   * @returns whether there may be more
   * @throws AuditTrailBrokenError when the two do not fit; what fits has been written then
   */
  async writeNext(): Promise<boolean> {
    if (this.config.auditLog === undefined) return false;
    const file = await AuditLogFile.openToWrite(this.config.auditLog);
    try {
      const end = await this.findEnd(file);
      const rows = await this.entries.listSealed(end.seq, PAGE);
      if (rows.length > 0) await this.append(file, end, rows);
      return rows.length === PAGE;
    } finally {
      await file.close();
    }
  }

  /** Looked up in the file unless it is as this process left it. */
  private async findEnd(file: AuditLogFile): Promise<End> {
    const { inode, size } = await file.identity();
    if (this.end?.inode === inode && this.end.place === size) return this.end;
    const last = await file.readLastLine();
    const seal = last ? await this.readSeal(last.text) : BEFORE_FIRST;
    if (this.end && seal.seq < this.end.seq) this.logger.warn(`audit.log ended at entry ${this.end.seq} and now ends at ${seal.seq}`);
    this.end = { ...seal, place: last?.end ?? 0, inode };
    return this.end;
  }

  private async readSeal(line: string): Promise<Seal> {
    const logged = readLine(line);
    if (!logged || (await this.entries.findHashOf(logged.seq)) !== logged.hash) throw new AuditTrailBrokenError(logged?.seq ?? 0);
    return logged;
  }

  private async append(file: AuditLogFile, end: End, rows: readonly SealedRow[]): Promise<void> {
    let last: Seal = end;
    let text = '';
    for (const row of rows) {
      const { line, ...seal } = sealAfter(last, row);
      if (row.seq !== seal.seq || row.hash !== seal.hash) break;
      text += `${line}\n`;
      last = seal;
    }
    await file.write(text, end.place);
    this.end = { ...last, place: end.place + Buffer.byteLength(text), inode: end.inode };
    if (last.seq < end.seq + rows.length) throw new AuditTrailBrokenError(last.seq + 1);
  }
}

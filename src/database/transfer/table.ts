// A table on its way from one engine to another: what both call it, and what tells whether it arrived whole.
import { createHash, type Hash } from 'node:crypto';
import type { Row } from '../query-answer.js';

export interface Table {
  readonly name: string;
  readonly columns: readonly string[];
  /** The one column of its primary key. */
  readonly key: string;
}

/** What a table holds, in the order of its key: equal on both sides when nothing was lost, added or bent. */
export class Digest {
  rows = 0;
  private readonly hash: Hash = createHash('sha256');

  constructor(private readonly table: Table) {}

  add(row: Row): void {
    this.rows++;
    this.hash.update(`${JSON.stringify(this.table.columns.map((column) => canonical(row[column])))}\n`);
  }

  /** To be called once. */
  finish(): string {
    return this.hash.digest('hex');
  }
}

/** SQLite has no booleans. */
function canonical(value: unknown): unknown {
  return typeof value === 'boolean' ? Number(value) : value;
}

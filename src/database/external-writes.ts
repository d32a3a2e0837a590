// Tells whether another process (the command line, a second service) wrote to the same SQLite file, so that what this process
// remembers may be out of date. On PostgreSQL nothing is remembered in the process.
import type Sqlite from 'better-sqlite3';
import type { DataSource } from 'typeorm';
import { sqliteConnection } from './sqlite-statements.js';

export class ExternalWrites {
  private readonly version: Sqlite.Statement | undefined;
  private seen: unknown;
  private lookedAt = 0;

  constructor(writer: DataSource) {
    if (writer.options.type === 'postgres') return;
    // Changes with every commit of another connection, never with the writer's own (sqlite.org/pragma.html#pragma_data_version).
    this.version = sqliteConnection(writer).prepare('PRAGMA data_version').pluck();
    this.seen = this.version.get();
  }

  /**
   * @returns whether anything was written since the last call. Looks once a millisecond: no command of another process
   * can have ended and been noticed by anybody sooner, and under load looking each time would cost every request
   */
  happened(): boolean {
    const at = Date.now();
    if (!this.version || at === this.lookedAt) return false;
    this.lookedAt = at;
    const version = this.version.get();
    if (version === this.seen) return false;
    this.seen = version;
    return true;
  }
}

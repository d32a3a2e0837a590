// Tells whether another process (the command line, a second service) wrote to the same SQLite file, so that what this process
// remembers may be out of date. On PostgreSQL nothing is remembered in the process.
import type Sqlite from 'better-sqlite3';
import type { DataSource } from 'typeorm';

export class ExternalWrites {
  private readonly version: Sqlite.Statement | undefined;
  private seen: unknown;

  constructor(writer: DataSource) {
    if (writer.options.type === 'postgres') return;
    const { databaseConnection } = writer.driver as unknown as { databaseConnection: Sqlite.Database };
    // Changes with every commit of another connection, never with the writer's own (sqlite.org/pragma.html#pragma_data_version).
    this.version = databaseConnection.prepare('PRAGMA data_version').pluck();
    this.seen = this.version.get();
  }

  /** @returns whether anything was written since the last call; costs about a microsecond */
  happened(): boolean {
    const version = this.version?.get();
    if (version === this.seen) return false;
    this.seen = version;
    return true;
  }
}

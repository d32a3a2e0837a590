// Portable statements straight on a SQLite connection: each prepared once, without what the ORM does around every query.
import type Sqlite from 'better-sqlite3';
import { LRUCache } from 'lru-cache';
import type { Sql } from 'sql-template-tag';
import type { DataSource } from 'typeorm';

const MOST_PREPARED = 500;

export class SqliteStatements {
  private readonly connection: Sqlite.Database;
  private readonly prepared = new LRUCache<string, Sqlite.Statement>({ max: MOST_PREPARED });

  constructor(dataSource: DataSource) {
    this.connection = sqliteConnection(dataSource);
  }

  all<T>(statement: Sql): T[] {
    return this.prepare(statement.sql).all(...statement.values) as T[];
  }

  private prepare(text: string): Sqlite.Statement {
    const known = this.prepared.get(text);
    if (known) return known;
    const statement = this.connection.prepare(text);
    this.prepared.set(text, statement);
    return statement;
  }
}

/** The library's own connection under a data source of this engine. */
export function sqliteConnection(dataSource: DataSource): Sqlite.Database {
  return (dataSource.driver as typeof dataSource.driver & { databaseConnection: Sqlite.Database }).databaseConnection;
}

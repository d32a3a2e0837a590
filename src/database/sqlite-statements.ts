// Portable statements straight on a SQLite connection: each prepared once, without what the ORM does around every query.
import type Sqlite from 'better-sqlite3';
import { LRUCache } from 'lru-cache';
import type { Sql } from 'sql-template-tag';
import { type DataSource, QueryFailedError } from 'typeorm';
import type { QueryAnswer } from './query-answer.js';

const MOST_PREPARED = 500;

export class SqliteStatements {
  private readonly connection: Sqlite.Database;
  private readonly prepared = new LRUCache<string, Sqlite.Statement>({ max: MOST_PREPARED });

  constructor(dataSource: DataSource) {
    this.connection = sqliteConnection(dataSource);
  }

  get inTransaction(): boolean {
    return this.connection.inTransaction;
  }

  all<T>(statement: Sql): T[] {
    return this.attempt(statement, (prepared) => prepared.all(...statement.values) as T[]);
  }

  run<T>(statement: Sql): QueryAnswer<T> {
    return this.attempt(statement, (prepared) =>
      prepared.reader
        ? { rows: prepared.all(...statement.values) as T[], affected: 0 }
        : { rows: [], affected: prepared.run(...statement.values).changes },
    );
  }

  /** What has neither values nor an answer. */
  execute(text: string): void {
    this.attempt({ sql: text, values: [] }, (prepared) => prepared.run());
  }

  /** @throws QueryFailedError as the ORM does, so that a failure has one form whichever way a statement went */
  private attempt<T>({ sql, values }: Pick<Sql, 'sql' | 'values'>, use: (prepared: Sqlite.Statement) => T): T {
    try {
      return use(this.prepare(sql));
    } catch (error) {
      throw new QueryFailedError(sql, values, error as Error);
    }
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

// The door for everything that only reads. On SQLite it is a second, read-only connection, so that no reader ever sees
// what another writer has not committed; on PostgreSQL it is the pool.
import type { DataSource, EntityTarget, ObjectLiteral, Repository } from 'typeorm';
import type { Sql } from 'sql-template-tag';
import type { Row } from './query-answer.js';
import { Span } from './span.js';
import { SqliteStatements } from './sqlite-statements.js';
import { runOnPostgres } from './tx.js';

export class Reader {
  private readonly sqlite: SqliteStatements | undefined;

  constructor(
    private readonly dataSource: DataSource,
    readonly engine: 'sqlite' | 'postgres',
  ) {
    if (engine === 'sqlite') this.sqlite = new SqliteStatements(dataSource);
  }

  repository<T extends ObjectLiteral>(entity: EntityTarget<T>): Repository<T> {
    return Span.openTransaction()?.repository(entity) ?? this.dataSource.getRepository(entity);
  }

  async all<T = Row>(statement: Sql): Promise<T[]> {
    const transaction = Span.openTransaction();
    if (transaction) return (await transaction.run<T>(statement)).rows;
    if (this.sqlite) return this.sqlite.all<T>(statement);
    return (await runOnPostgres<T>(this.dataSource.manager, statement)).rows;
  }

  async one<T = Row>(statement: Sql): Promise<T | undefined> {
    return (await this.all<T>(statement))[0];
  }
}

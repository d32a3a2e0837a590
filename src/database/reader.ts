// The door for everything that only reads. On PostgreSQL it is the pool. On SQLite it is a second, read-only connection while a
// transaction is open on the one that writes, so that no reader ever sees what another has not committed; else it is that one,
// for the other has to read anew what it knew with each commit.
import type { DataSource, EntityTarget, ObjectLiteral, Repository } from 'typeorm';
import type { Sql } from 'sql-template-tag';
import type { Row } from './query-answer.js';
import { Span } from './span.js';
import { SqliteStatements } from './sqlite-statements.js';
import { runOnPostgres } from './tx.js';

export class Reader {
  readonly engine: 'sqlite' | 'postgres';
  private readonly sqlite: { readonly reader: SqliteStatements; readonly writer: SqliteStatements } | undefined;

  /** @param writer the same on PostgreSQL */
  constructor(
    private readonly dataSource: DataSource,
    writer: DataSource,
  ) {
    this.engine = dataSource.options.type === 'postgres' ? 'postgres' : 'sqlite';
    if (this.engine === 'sqlite') this.sqlite = { reader: new SqliteStatements(dataSource), writer: new SqliteStatements(writer) };
  }

  repository<T extends ObjectLiteral>(entity: EntityTarget<T>): Repository<T> {
    return Span.openTransaction()?.repository(entity) ?? this.dataSource.getRepository(entity);
  }

  async all<T = Row>(statement: Sql): Promise<T[]> {
    const transaction = Span.openTransaction();
    if (transaction) return (await transaction.run<T>(statement)).rows;
    if (this.sqlite) return (this.sqlite.writer.inTransaction ? this.sqlite.reader : this.sqlite.writer).all<T>(statement);
    return (await runOnPostgres<T>(this.dataSource.manager, statement)).rows;
  }

  async one<T = Row>(statement: Sql): Promise<T | undefined> {
    return (await this.all<T>(statement))[0];
  }
}

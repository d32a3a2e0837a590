// The library's connection to SQLite, with every statement timed.
import Sqlite from 'better-sqlite3';
import { QueryProbe } from './query-probe.js';

export class MeasuredSqlite extends Sqlite {
  constructor(file?: string, options?: Sqlite.Options) {
    super(file, options);
    const prepare = this.prepare.bind(this);
    const timed = (text: string): Sqlite.Statement => timeStatement(prepare(text), new QueryProbe('sqlite', text));
    this.prepare = timed as typeof this.prepare;
  }
}

function timeStatement(statement: Sqlite.Statement, probe: QueryProbe): Sqlite.Statement {
  const all = statement.all.bind(statement);
  const run = statement.run.bind(statement);
  statement.all = (...values) => probe.time(() => all(...values));
  statement.run = (...values) => probe.time(() => run(...values));
  return statement;
}

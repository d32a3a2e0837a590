// The PostgreSQL database that everything is copied into: empty before, and filled in one transaction or not at all.
import { DataSource, type EntityManager } from 'typeorm';
import { assertKnownSchema } from '../known-schema.js';
import { migrateUnderLock, postgresOptions } from '../postgres.js';
import type { Row } from '../query-answer.js';
import { Digest, type Table } from './table.js';

const ROWS_AT_ONCE = 1_000;
/** Stored answers are up to hundreds of kilobytes each: bounds the memory they take here and in PostgreSQL. */
const CHARACTERS_AT_ONCE = 4 * 1024 * 1024;

export class PostgresTarget {
  private constructor(private readonly dataSource: DataSource) {}

  /** Connected, with the tables of this version. @throws Error when it cannot be reached or is of a newer version */
  static async open(url: string): Promise<PostgresTarget> {
    const options = postgresOptions({ databaseUrl: url, databasePoolSize: 1 });
    // Without the time limits of requests: what is copied takes what it takes.
    const dataSource = new DataSource({ ...options, subscribers: [], extra: { application_name: 'watchlist-transfer', keepAlive: true } });
    await dataSource.initialize().catch((error: Error) => {
      throw new Error(`The target cannot be reached: ${error.message}`, { cause: error });
    });
    try {
      await assertKnownSchema(dataSource);
      await migrateUnderLock(options);
    } catch (error) {
      await dataSource.destroy();
      throw error;
    }
    return new PostgresTarget(dataSource);
  }

  /** @throws what the work throws; then nothing was written */
  fill<T>(tables: readonly Table[], work: (filling: Filling) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(async (manager) => {
      const filling = new Filling(manager);
      for (const table of tables) await filling.takeEmpty(table);
      return work(filling);
    });
  }

  close(): Promise<void> {
    return this.dataSource.destroy();
  }
}

export class Filling {
  constructor(private readonly manager: EntityManager) {}

  /** Nobody else writes to it until the end. @throws Error when there is anything in it */
  async takeEmpty({ name }: Table): Promise<void> {
    await this.manager.query(`LOCK TABLE "${name}" IN EXCLUSIVE MODE`);
    const rows = (await this.manager.query(`SELECT 1 FROM "${name}" LIMIT 1`)) as unknown[];
    if (rows.length > 0) throw new Error(`The target is not empty: there are rows in ${name}`);
  }

  /** @param progress told how many rows are written so far */
  async insert(table: Table, rows: Iterable<Row>, progress: (written: number) => void): Promise<void> {
    let [batch, characters, written]: [string[], number, number] = [[], 0, 0];
    const flush = async (): Promise<void> => {
      // PostgreSQL reads each value by the type of its column.
      await this.manager.query(`INSERT INTO "${table.name}" SELECT * FROM json_populate_recordset(NULL::"${table.name}", $1)`, [
        `[${batch.join(',')}]`,
      ]);
      written += batch.length;
      [batch, characters] = [[], 0];
      progress(written);
    };
    for (const row of rows) {
      const text = JSON.stringify(row);
      batch.push(text);
      characters += text.length;
      if (batch.length === ROWS_AT_ONCE || characters >= CHARACTERS_AT_ONCE) await flush();
    }
    if (batch.length > 0) await flush();
  }

  /** What is there now, read back from the server. */
  async digest(table: Table): Promise<Digest> {
    const digest = new Digest(table);
    const columns = table.columns.map((column) => `"${column}"`).join(', ');
    await this.manager.query(`DECLARE written CURSOR FOR SELECT ${columns} FROM "${table.name}" ORDER BY "${table.key}" COLLATE "C"`);
    for (;;) {
      const rows = (await this.manager.query(`FETCH ${ROWS_AT_ONCE} FROM written`)) as Row[];
      for (const row of rows) digest.add(row);
      if (rows.length < ROWS_AT_ONCE) break;
    }
    await this.manager.query('CLOSE written');
    return digest;
  }
}

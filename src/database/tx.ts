// What a unit of work hands to those who write. Only `database/` can make one, so a method that asks for a Tx
// can run nowhere but inside a transaction.
import type { EntityManager, EntityTarget, FindOptionsWhere, ObjectLiteral, Repository } from 'typeorm';
import sql, { join, raw, type Sql } from 'sql-template-tag';
import type { QueryAnswer, Row } from './query-answer.js';
import type { SqliteStatements } from './sqlite-statements.js';

/** Runs one portable statement on PostgreSQL. */
export async function runOnPostgres<T>(manager: EntityManager, statement: Sql): Promise<QueryAnswer<T>> {
  const runner = manager.queryRunner ?? manager.dataSource.createQueryRunner();
  try {
    const result = await runner.query(statement.text, statement.values, true);
    return { rows: (result.records ?? []) as T[], affected: result.affected ?? 0 };
  } finally {
    if (runner !== manager.queryRunner) await runner.release();
  }
}

/** What a unit of work does; it may be run again when it collided with another. */
export type Work<T> = (tx: Tx) => Promise<T>;

export class Tx {
  declare private readonly brand: never;
  private readonly followUps: (() => void | Promise<void>)[] = [];
  private closed = false;

  /** @param sqlite the connection of the transaction on SQLite; absent on PostgreSQL */
  constructor(
    private readonly manager: EntityManager,
    private readonly sqlite?: SqliteStatements,
  ) {}

  repository<T extends ObjectLiteral>(entity: EntityTarget<T>): Repository<T> {
    this.assertOpen();
    return this.manager.getRepository(entity);
  }

  /** Reads a row that is about to be changed: other transactions wait for it on PostgreSQL; SQLite has one writer anyway. */
  findForUpdate<T extends ObjectLiteral>(entity: EntityTarget<T>, row: FindOptionsWhere<T>): Promise<T | null> {
    const lock = this.sqlite ? undefined : ({ mode: 'pessimistic_write' } as const);
    return this.repository(entity).findOne({ where: row, lock });
  }

  async run<T = Row>(statement: Sql): Promise<QueryAnswer<T>> {
    this.assertOpen();
    return this.sqlite ? this.sqlite.run<T>(statement) : runOnPostgres<T>(this.manager, statement);
  }

  /** Adds one row, whole. The ORM's own insert builds its statement anew each time, which takes longer than running it. */
  async insert<T extends ObjectLiteral>(entity: EntityTarget<T>, row: T): Promise<void> {
    const { tableName, columns } = this.manager.dataSource.getMetadata(entity);
    const names = columns.map(({ databaseName }) => databaseName).join(', ');
    await this.run(
      sql`INSERT INTO ${raw(tableName)} (${raw(names)}) VALUES (${join(columns.map((column) => column.getEntityValue(row, true)))})`,
    );
  }

  /**
   * Runs a part of the work that may fail alone: what it wrote and announced is taken back, everything before it stays.
   * @throws what the part throws
   */
  async savepoint<T>(part: () => Promise<T>): Promise<T> {
    const announced = this.followUps.length;
    await this.run(sql`SAVEPOINT part`);
    try {
      return await part();
    } catch (error) {
      this.followUps.length = announced;
      await this.run(sql`ROLLBACK TO SAVEPOINT part`);
      throw error;
    } finally {
      await this.run(sql`RELEASE SAVEPOINT part`);
    }
  }

  /**
   * Takes a lock that ends with the transaction, without waiting for it.
   * @returns whether it is ours now; always on SQLite, where no other transaction writes meanwhile
   */
  async tryLock(name: string): Promise<boolean> {
    if (this.sqlite) return true;
    const { rows } = await this.run<{ locked: boolean }>(sql`SELECT pg_try_advisory_xact_lock(hashtextextended(${name}, 0)) AS locked`);
    return rows[0]?.locked === true;
  }

  /** Runs after the commit and before the write is acknowledged. When it throws, the write is done but not acknowledged. */
  afterCommit(followUp: () => void | Promise<void>): void {
    this.followUps.push(followUp);
  }

  /** For the unit of work alone: nothing may be written through this Tx any more. */
  close(): void {
    this.closed = true;
  }

  /** For the unit of work alone. */
  async runFollowUps(): Promise<void> {
    await Promise.all(this.followUps.map(async (followUp) => followUp()));
  }

  private assertOpen(): void {
    if (this.closed) throw new Error('This transaction has ended: a statement was not awaited inside its unit of work');
  }
}

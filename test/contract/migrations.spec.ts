// Migrations build exactly what the entities describe, keep every row that is there, and can each be taken back.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { loadConfig } from '../../src/config/config.js';
import { MIGRATIONS } from '../../src/database/migrations.js';
import { migrateUnderLock, postgresOptions } from '../../src/database/postgres.js';
import { migrateInTurn, sqliteOptions } from '../../src/database/sqlite.js';
import { createSurroundings, type Surroundings } from '../support/leg.js';
import { plantRows, rowsOf, type Rows, schemaOf } from '../support/schema.js';
import { Service } from '../support/service.js';

const DATABASES = legs.filter(({ redisUrl }) => redisUrl === undefined);
const STEPS = MIGRATIONS.map((_, index) => index + 1);

describe.each(DATABASES)('migrations on $name', (leg) => {
  let surroundings: Surroundings;

  beforeAll(async () => {
    surroundings = await createSurroundings(leg);
  });
  afterAll(() => surroundings.remove());

  /** On the database as it is, with a program that knows only the first migrations. */
  async function withMigrations<T>(count: number, act: (dataSource: DataSource, options: DataSourceOptions) => Promise<T>): Promise<T> {
    const config = loadConfig({ NODE_ENV: 'test', ...surroundings.environment });
    const options = {
      ...(config.databaseUrl === undefined ? sqliteOptions(config) : postgresOptions(config)),
      migrations: MIGRATIONS.slice(0, count),
    };
    const dataSource = await new DataSource(options).initialize();
    return act(dataSource, options).finally(() => dataSource.destroy());
  }

  const migrate = (count: number): Promise<void> =>
    withMigrations(count, (dataSource, options) => (options.type === 'postgres' ? migrateUnderLock(options) : migrateInTurn(dataSource)));

  const takeBack = (count: number): Promise<void> =>
    withMigrations(count, (dataSource) => dataSource.undoLastMigration({ transaction: 'none' }));
  const schema = (): Promise<unknown> => withMigrations(0, schemaOf);
  const rows = (): Promise<Rows> => withMigrations(0, rowsOf);

  it('build what the entities describe, from nothing', async () => {
    const service = await Service.start({}, leg);
    const { upQueries } = await service.resolve(DataSource).driver.createSchemaBuilder().log();
    await service.stop();

    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });

  it('keep every row on the way up; each taken back leaves the schema and the rows from before it', async () => {
    const schemas = [await schema()];
    for (const count of STEPS) {
      const before = await rows();
      await migrate(count);
      expect(await rows()).toMatchObject(before);
      await withMigrations(0, plantRows);
      schemas.push(await schema());
    }
    expect(Object.entries(await rows()).filter(([, planted]) => planted.length === 0)).toEqual([]);

    for (const count of STEPS.toReversed()) {
      const before = await rows();
      await takeBack(count);
      const after = await rows();
      expect({ count, schema: await schema() }).toEqual({ count, schema: schemas[count - 1] });
      expect(before).toMatchObject(after);
    }
    await migrate(MIGRATIONS.length);

    expect(await schema()).toEqual(schemas.at(-1));
  });
});

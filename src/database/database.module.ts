// Chooses the engine and offers its two doors: UnitOfWork to write, Reader to read. Features register their own entities
// (`TypeOrmModule.forFeature`), so this folder knows none of them.
import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { Config } from '../config/config.js';
import { ExternalWrites } from './external-writes.js';
import { assertKnownSchema } from './known-schema.js';
import { MeasuredRunner } from './measured-runner.js';
import { watchPool } from './pool-metrics.js';
import { PostgresRunner } from './postgres-runner.js';
import { connectPatiently, migrateUnderLock, postgresOptions } from './postgres.js';
import { Reader } from './reader.js';
import { SqliteRunner } from './sqlite-runner.js';
import { migrateInTurn, openPatiently, openReader, sqliteOptions } from './sqlite.js';
import { TransactionRunner, UnitOfWork } from './unit-of-work.js';

const READING = Symbol('the data source that reads');

/** Connected and migrated: nothing is served from an old schema. */
async function openWriter(options?: DataSourceOptions): Promise<DataSource> {
  if (!options) throw new Error('The database has no options');
  const dataSource = new DataSource(options);
  await (options.type === 'postgres' ? connectPatiently(dataSource) : openPatiently(dataSource));
  try {
    await assertKnownSchema(dataSource);
    await (options.type === 'postgres' ? migrateUnderLock(options) : migrateInTurn(dataSource));
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
  return dataSource;
}

@Global()
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [Config],
      useFactory: (config: Config) => ({
        ...(config.databaseUrl === undefined ? sqliteOptions(config) : postgresOptions(config)),
        autoLoadEntities: true,
        retryAttempts: 0,
      }),
      dataSourceFactory: openWriter,
    }),
  ],
  providers: [
    UnitOfWork,
    {
      provide: READING,
      inject: [DataSource],
      useFactory: (writer: DataSource) => (writer.options.type === 'postgres' ? writer : openReader(writer)),
    },
    {
      provide: Reader,
      inject: [READING, DataSource],
      useFactory: (reading: DataSource, writer: DataSource) => new Reader(reading, writer),
    },
    { provide: ExternalWrites, inject: [DataSource], useFactory: (writer: DataSource) => new ExternalWrites(writer) },
    {
      provide: TransactionRunner,
      inject: [DataSource],
      useFactory: (writer: DataSource) =>
        new MeasuredRunner(writer.options.type === 'postgres' ? new PostgresRunner(writer) : new SqliteRunner(writer)),
    },
  ],
  exports: [UnitOfWork, Reader, ExternalWrites],
})
export class DatabaseModule implements OnApplicationShutdown {
  private readonly stopWatching: () => void;

  constructor(
    @Inject(READING) private readonly reading: DataSource,
    private readonly writer: DataSource,
  ) {
    this.stopWatching = watchPool(writer);
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopWatching();
    if (this.reading !== this.writer) await this.reading.destroy();
  }
}

// An older program must not write to a database that a newer one has changed.
import type { DataSource } from 'typeorm';

/** @throws Error when the database has migrations this program does not know */
export async function assertKnownSchema(dataSource: DataSource): Promise<void> {
  const runner = dataSource.createQueryRunner();
  try {
    if (!(await runner.hasTable('migrations'))) return;
    const applied = (await runner.query('SELECT name FROM migrations')) as { name: string }[];
    const known = new Set(dataSource.migrations.map((migration) => migration.name ?? migration.constructor.name));
    const unknown = applied.find(({ name }) => !known.has(name));
    if (unknown)
      throw new Error(
        `the database was changed by a newer version of Watchlist (${unknown.name}): start that version, or restore a backup`,
      );
  } finally {
    await runner.release();
  }
}

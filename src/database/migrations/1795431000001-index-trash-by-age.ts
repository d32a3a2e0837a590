import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm';

/** For the purge, which looks for the oldest of everybody's. Only what is in the trash is in it, so that adding items costs nothing. */
export class IndexTrashByAge1795431000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createIndex(
      'watchlist_items',
      new TableIndex({ name: 'ix_watchlist_items_trash_age', columnNames: ['deleted_at'], where: 'deleted_at IS NOT NULL' }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropIndex('watchlist_items', 'ix_watchlist_items_trash_age');
  }
}

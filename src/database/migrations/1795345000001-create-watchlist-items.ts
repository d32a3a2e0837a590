import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { column } from '../columns.js';

export class CreateWatchlistItems1795345000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const engine = runner.dataSource.options.type;
    await runner.createTable(
      new Table({
        name: 'watchlist_items',
        columns: [
          column.id(),
          column.reference('user_id'),
          column.varchar('title', 300),
          column.sortable('title_key', 300, engine),
          column.varchar('identity_key', 43, true),
          column.text('search_key'),
          column.varchar('media_type', 16),
          column.integer('year', true),
          column.varchar('status', 16),
          column.integer('rating', true),
          column.text('notes', true),
          column.integer('version'),
          column.instant('created_at'),
          column.instant('updated_at'),
          column.instant('deleted_at', true),
        ],
        uniques: [{ name: 'uq_watchlist_items_identity', columnNames: ['user_id', 'identity_key'] }],
        foreignKeys: [
          {
            name: 'fk_watchlist_items_user_id',
            columnNames: ['user_id'],
            referencedTableName: 'users',
            referencedColumnNames: ['id'],
            onDelete: 'CASCADE',
          },
        ],
        indices: ['created_at', 'updated_at', 'title_key', 'year', 'rating', 'deleted_at'].map((sortKey) => ({
          name: `ix_watchlist_items_${sortKey}`,
          columnNames: ['user_id', sortKey, 'id'],
        })),
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('watchlist_items');
  }
}

import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { column } from '../columns.js';

export class CreateIdempotencyKeys1795431000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'idempotency_keys',
        columns: [
          column.id(),
          column.reference('user_id'),
          column.varchar('idempotency_key', 128),
          column.varchar('fingerprint', 43),
          column.text('answer'),
          column.instant('created_at'),
        ],
        uniques: [{ name: 'uq_idempotency_keys_key', columnNames: ['user_id', 'idempotency_key'] }],
        foreignKeys: [
          {
            name: 'fk_idempotency_keys_user_id',
            columnNames: ['user_id'],
            referencedTableName: 'users',
            referencedColumnNames: ['id'],
            onDelete: 'CASCADE',
          },
        ],
        indices: [{ name: 'ix_idempotency_keys_created_at', columnNames: ['created_at'] }],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('idempotency_keys');
  }
}

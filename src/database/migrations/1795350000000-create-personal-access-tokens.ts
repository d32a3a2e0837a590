import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { column } from '../columns.js';

export class CreatePersonalAccessTokens1795350000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'personal_access_tokens',
        columns: [
          column.id(),
          column.reference('user_id'),
          column.varchar('name', 100),
          column.varchar('prefix', 16),
          column.varchar('token_hash', 43),
          column.varchar('scopes', 32),
          column.instant('created_at'),
          column.instant('expires_at', true),
          column.instant('last_used_at', true),
        ],
        uniques: [{ name: 'uq_personal_access_tokens_token_hash', columnNames: ['token_hash'] }],
        foreignKeys: [
          {
            name: 'fk_personal_access_tokens_user_id',
            columnNames: ['user_id'],
            referencedTableName: 'users',
            referencedColumnNames: ['id'],
            onDelete: 'CASCADE',
          },
        ],
        indices: [{ name: 'ix_personal_access_tokens_user_id', columnNames: ['user_id', 'id'] }],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('personal_access_tokens');
  }
}

import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { column } from '../columns.js';

export class CreateUsersAndSessions1795345000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'users',
        columns: [
          column.id(),
          column.varchar('email', 254),
          column.varchar('password_hash', 60),
          column.varchar('role', 16),
          column.instant('created_at'),
          column.instant('disabled_at', true),
        ],
        uniques: [{ name: 'uq_users_email', columnNames: ['email'] }],
      }),
    );
    await runner.createTable(
      new Table({
        name: 'sessions',
        columns: [
          column.id(),
          column.reference('user_id'),
          column.instant('created_at'),
          column.instant('last_used_at'),
          column.instant('expires_at'),
          column.instant('ended_at', true),
          column.integer('refresh_count'),
          column.varchar('ip', 45, true),
          column.varchar('user_agent', 256, true),
        ],
        foreignKeys: [
          {
            name: 'fk_sessions_user_id',
            columnNames: ['user_id'],
            referencedTableName: 'users',
            referencedColumnNames: ['id'],
            onDelete: 'CASCADE',
          },
        ],
        indices: [{ name: 'ix_sessions_user_id', columnNames: ['user_id'] }],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('sessions');
    await runner.dropTable('users');
  }
}

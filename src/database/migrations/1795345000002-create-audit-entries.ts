import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { column } from '../columns.js';

/** Without foreign keys: the trail outlives the accounts and items it tells of. */
export class CreateAuditEntries1795345000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'audit_entries',
        columns: [
          column.id(),
          column.integer('seq', true),
          column.instant('at'),
          column.reference('actor_id', true),
          column.varchar('action', 32),
          column.varchar('target_type', 16),
          column.varchar('target_id', 36, true),
          column.text('changes'),
          column.varchar('request_id', 128, true),
          column.varchar('ip', 45, true),
        ],
        uniques: [{ name: 'uq_audit_entries_seq', columnNames: ['seq'] }],
        indices: [
          { name: 'ix_audit_entries_actor_id', columnNames: ['actor_id', 'id'] },
          { name: 'ix_audit_entries_target_id', columnNames: ['target_id', 'id'] },
        ],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('audit_entries');
  }
}

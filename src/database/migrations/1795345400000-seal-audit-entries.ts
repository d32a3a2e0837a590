import type { MigrationInterface, QueryRunner } from 'typeorm';
import { column } from '../columns.js';

/** Entries that are there already have neither `seq` nor `hash`: the sealer gives them both. */
export class SealAuditEntries1795345400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumn('audit_entries', column.varchar('hash', 64, true));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumn('audit_entries', 'hash');
  }
}

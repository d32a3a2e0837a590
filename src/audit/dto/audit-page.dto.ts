import { ApiProperty } from '@nestjs/swagger';
import { AUDIT_ACTIONS, AUDIT_TARGET_TYPES, type Changes } from '../audit-event.js';
import type { AuditRow } from '../audit-row.js';

export class AuditEntryDto {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ type: 'integer', nullable: true, description: 'The place in the sealed trail; `null` until it is sealed.' })
  seq: number | null;

  @ApiProperty({ format: 'date-time' })
  at: string;

  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'Who did it; `null` when that was not known.' })
  actor_id: string | null;

  @ApiProperty({ enum: AUDIT_ACTIONS })
  action: string;

  @ApiProperty({ enum: AUDIT_TARGET_TYPES })
  target_type: string;

  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  target_id: string | null;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'array', items: {} }, example: { status: ['planned', 'watched'] } })
  changes: Changes;

  @ApiProperty({ type: String, nullable: true })
  request_id: string | null;

  @ApiProperty({ type: String, nullable: true })
  ip: string | null;

  static from(row: AuditRow): AuditEntryDto {
    return { ...row, changes: JSON.parse(row.changes) as Changes };
  }
}

export class AuditPage {
  @ApiProperty({ type: [AuditEntryDto] })
  items: AuditEntryDto[];

  @ApiProperty({ type: String, nullable: true })
  next_cursor: string | null;
}

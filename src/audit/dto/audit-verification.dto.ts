import { ApiProperty } from '@nestjs/swagger';
import type { Verification } from '../audit-verification.service.js';

export class AuditVerificationDto {
  @ApiProperty({ description: 'Whether the whole trail is as it was sealed.' })
  ok: boolean;

  @ApiProperty({ type: 'integer', description: 'How many sealed entries there are.' })
  entries: number;

  @ApiProperty({ type: 'integer', nullable: true, description: 'The first number whose entry is not as it was sealed.' })
  first_broken_seq: number | null;

  static from({ entries, damage }: Verification): AuditVerificationDto {
    return { ok: damage === undefined, entries, first_broken_seq: damage?.seq ?? null };
  }
}

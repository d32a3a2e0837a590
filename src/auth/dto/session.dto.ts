import { ApiProperty } from '@nestjs/swagger';
import type { SessionRow } from '../sessions.repository.js';

export class SessionDto {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ format: 'date-time' })
  created_at: string;

  @ApiProperty({ format: 'date-time', description: 'When it was last refreshed.' })
  last_used_at: string;

  @ApiProperty({ type: String, nullable: true, description: 'Where it was opened or last refreshed from.' })
  ip: string | null;

  @ApiProperty({ type: String, nullable: true })
  user_agent: string | null;

  @ApiProperty({ description: 'Whether it is the one this request belongs to.' })
  current: boolean;

  static from(row: SessionRow, currentId: string | undefined): SessionDto {
    return { ...row, current: row.id === currentId };
  }
}

export class SessionPage {
  @ApiProperty({ type: [SessionDto] })
  items: SessionDto[];

  @ApiProperty({ type: String, nullable: true })
  next_cursor: string | null;
}

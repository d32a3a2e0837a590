import { ApiProperty } from '@nestjs/swagger';
import { AuditEntryDto } from '../../audit/audit.service.js';
import { SessionDto } from '../../auth/sessions.service.js';
import { TokenDto } from '../../auth/tokens.service.js';
import { UserDto } from '../../users/users.service.js';
import { ItemDto, TrashedItemDto } from '../../watchlists/watchlists.service.js';

export class Takeout {
  @ApiProperty({ format: 'date-time' })
  exported_at: string;

  @ApiProperty({ type: UserDto })
  account: UserDto;

  @ApiProperty({ type: [ItemDto], description: 'The oldest first.' })
  items: ItemDto[];

  @ApiProperty({ type: [TrashedItemDto] })
  trash: TrashedItemDto[];

  @ApiProperty({ type: [SessionDto] })
  sessions: SessionDto[];

  @ApiProperty({ type: [TokenDto], description: 'Without their secrets, which nobody can tell any more.' })
  tokens: TokenDto[];

  @ApiProperty({ type: [AuditEntryDto], description: 'What the account did, the newest first.' })
  audit: AuditEntryDto[];
}

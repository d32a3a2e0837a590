import { ApiProperty } from '@nestjs/swagger';
import { UserDto } from '../../users/users.service.js';

export class LoginDto {
  @ApiProperty({ description: 'A JWT to send as `Authorization: Bearer …`.' })
  access_token: string;

  @ApiProperty({ enum: ['Bearer'] })
  token_type: 'Bearer';

  @ApiProperty({ type: 'integer', description: 'Seconds until the access token ends.' })
  expires_in: number;

  @ApiProperty({ description: 'Good for one new pair of tokens.' })
  refresh_token: string;

  @ApiProperty({ type: UserDto })
  user: UserDto;
}

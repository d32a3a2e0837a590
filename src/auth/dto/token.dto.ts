import { ApiProperty } from '@nestjs/swagger';
import { type Scope, SCOPES } from '../../http/access.js';
import type { PersonalAccessToken } from '../personal-access-token.entity.js';
import { scopesOf } from '../tokens.repository.js';

export class TokenDto {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty()
  name: string;

  @ApiProperty({ description: 'How the token begins.', example: 'wl_k3J9x2Qa' })
  prefix: string;

  @ApiProperty({ enum: SCOPES, isArray: true })
  scopes: Scope[];

  @ApiProperty({ format: 'date-time' })
  created_at: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  expires_at: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'To the minute.' })
  last_used_at: string | null;

  static from(this: void, token: PersonalAccessToken): TokenDto {
    return {
      id: token.id,
      name: token.name,
      prefix: token.prefix,
      scopes: scopesOf(token.scopes),
      created_at: token.createdAt,
      expires_at: token.expiresAt,
      last_used_at: token.lastUsedAt,
    };
  }
}

export class CreatedTokenDto extends TokenDto {
  @ApiProperty({ description: 'The token itself, to send as `Authorization: Bearer …`. It is not shown again.', example: 'wl_k3J9x2Qa…' })
  token: string;
}

export class TokenPage {
  @ApiProperty({ type: [TokenDto] })
  items: TokenDto[];

  @ApiProperty({ type: String, nullable: true })
  next_cursor: string | null;
}

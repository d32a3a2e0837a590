import { ApiProperty } from '@nestjs/swagger';
import { type Role, ROLES } from '../../http/access.js';
import type { User } from '../user.entity.js';
import type { UserRow } from '../users.repository.js';

/** An account as its owner sees it. */
export class UserDto {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ format: 'email' })
  email: string;

  @ApiProperty({ enum: ROLES })
  role: Role;

  @ApiProperty({ format: 'date-time' })
  created_at: string;

  static from(user: Pick<User, 'id' | 'email' | 'role' | 'createdAt'>): UserDto {
    return { id: user.id, email: user.email, role: user.role, created_at: user.createdAt };
  }
}

/** An account as administrators see it. */
export class ManagedUserDto extends UserDto {
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  disabled_at: string | null;

  @ApiProperty({ type: 'integer', description: 'Items in the list, without those in the trash.' })
  item_count: number;

  static fromRow(row: UserRow): ManagedUserDto {
    return { ...row, item_count: Number(row.item_count) };
  }
}

export class UserPage {
  @ApiProperty({ type: [ManagedUserDto] })
  items: ManagedUserDto[];

  @ApiProperty({ type: 'integer' })
  total: number;

  @ApiProperty({ type: 'integer' })
  skip: number;

  @ApiProperty({ type: 'integer' })
  limit: number;
}

import { Entity, Unique } from 'typeorm';
import { IdColumn, InstantColumn, VarcharColumn } from '../database/columns.js';
import type { Role } from '../http/access.js';

@Entity('users')
@Unique('uq_users_email', ['email'])
export class User {
  @IdColumn()
  id: string;

  /** Normalised (see email.ts), so that equal addresses are equal text. */
  @VarcharColumn('email', 254)
  email: string;

  @VarcharColumn('password_hash', 60)
  passwordHash: string;

  @VarcharColumn('role', 16)
  role: Role;

  @InstantColumn('created_at')
  createdAt: string;

  @InstantColumn('disabled_at', { nullable: true })
  disabledAt: string | null;
}

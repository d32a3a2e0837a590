// Accounts: who there is, and with which role.
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { AuditService } from '../audit/audit.service.js';
import { UserCache } from '../cache/user-cache.js';
import { now } from '../database/clock.js';
import { violatesUnique } from '../database/database-error.js';
import type { Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import type { Role } from '../http/access.js';
import { ApiError } from '../http/api-error.js';
import { ManagedUserDto, UserDto, type UserPage } from './dto/user.dto.js';
import type { UsersQuery } from './dto/users-query.dto.js';
import { User } from './user.entity.js';
import { UsersRepository } from './users.repository.js';

/** What other features may see of an account. */
export { User, UserDto };

@Injectable()
export class UsersService {
  constructor(
    private readonly users: UsersRepository,
    private readonly unitOfWork: UnitOfWork,
    private readonly audit: AuditService,
    private readonly cache: UserCache,
  ) {}

  /** @param email in its normal form */
  async findByEmail(email: string): Promise<User | undefined> {
    return (await this.users.findByEmail(email)) ?? undefined;
  }

  /** @throws ApiError `not_found` */
  async getById(id: string): Promise<User> {
    const user = await this.users.findById(id);
    if (!user) throw new ApiError('not_found');
    return user;
  }

  async list({ skip, limit, ...filter }: UsersQuery): Promise<UserPage> {
    const [rows, total] = await Promise.all([this.users.listPage(filter, skip, limit), this.users.count(filter)]);
    return { items: rows.map(ManagedUserDto.fromRow), total, skip, limit };
  }

  /**
   * @param email in its normal form
   * @throws ApiError `email_taken`, also when two ask for the same address at once
   */
  async create(email: string, passwordHash: string, role: Role = 'user'): Promise<User> {
    const user: User = { id: uuidv7(), email, passwordHash, role, createdAt: now(), disabledAt: null };
    try {
      await this.unitOfWork.write(async (tx) => {
        await this.users.insert(tx, user);
        await this.audit.record(tx, {
          action: 'user.registered',
          actorId: user.id,
          targetType: 'user',
          targetId: user.id,
          changes: { role: [null, role] },
        });
      });
    } catch (error) {
      throw violatesUnique(error, 'uq_users_email', 'users.email') ? new ApiError('email_taken') : error;
    }
    return user;
  }

  /**
   * @param actorId nobody when it is done from the command line
   * @throws ApiError `not_found`, or `last_admin` when no active administrator would be left
   */
  async setRole(email: string, role: Role, actorId: string | null): Promise<void> {
    await this.unitOfWork.write(
      async (tx) => {
        const user = await this.users.findInTx(tx, email);
        if (!user) throw new ApiError('not_found');
        if (user.role === role) return;
        if (role !== 'admin') await this.assertAnotherAdmin(tx, user);
        await this.users.setRole(tx, user.id, role);
        await this.audit.record(tx, {
          action: 'user.role_changed',
          actorId,
          targetType: 'user',
          targetId: user.id,
          changes: { role: [user.role, role] },
        });
        tx.afterCommit(() => this.cache.invalidate(user.id));
      },
      { serializable: true },
    );
  }

  private async assertAnotherAdmin(tx: Tx, user: User): Promise<void> {
    if (user.disabledAt === null && (await this.users.countOtherActiveAdmins(tx, user.id)) === 0) throw new ApiError('last_admin');
  }
}

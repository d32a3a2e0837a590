// Accounts: who there is, with which role, and whether they may come in.
import { Injectable } from '@nestjs/common';
import { type AuditEvent, AuditService, type Author } from '../audit/audit.service.js';
import { UserCache } from '../cache/user-cache.js';
import { now } from '../database/clock.js';
import { violatesUnique } from '../database/database-error.js';
import { newId } from '../database/id.js';
import type { Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import type { Role } from '../http/access.js';
import { ApiError } from '../http/api-error.js';
import type { Origin } from '../http/origin.js';
import { ManagedUserDto, UserDto, type UserPage } from './dto/user.dto.js';
import type { UpdateUserDto } from './dto/update-user.dto.js';
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
  async create(email: string, passwordHash: string, role: Role, origin: Origin | null): Promise<User> {
    const user: User = { id: newId(), email, passwordHash, role, createdAt: now(), disabledAt: null };
    try {
      await this.unitOfWork.write(async (tx) => {
        await this.users.insert(tx, user);
        await this.audit.record(tx, {
          action: 'user.registered',
          by: { id: user.id, origin },
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

  /** @throws ApiError `not_found` */
  async getManaged(id: string): Promise<ManagedUserDto> {
    const row = await this.users.findRow(id);
    if (!row) throw new ApiError('not_found');
    return ManagedUserDto.fromRow(row);
  }

  /** @throws ApiError as `update` does */
  async setRole(email: string, role: Role, by: Author): Promise<void> {
    const user = await this.users.findByEmail(email);
    if (!user) throw new ApiError('not_found');
    await this.update(user.id, { role }, by);
  }

  /**
   * Takes effect with the account's next request. Disabling ends no session: enabling the account brings them back.
   * @throws ApiError `not_found`, or `last_admin` when no active administrator would be left
   */
  async update(id: string, changes: UpdateUserDto, by: Author): Promise<void> {
    await this.change(id, async (tx, before) => {
      const after = standingAfter(before, changes);
      const events = eventsBetween(before, after);
      if (events.length === 0) return;
      if (!isActiveAdmin(after)) await this.assertAnotherAdmin(tx, before);
      await this.users.update(tx, id, after);
      for (const event of events) await this.audit.record(tx, { ...event, by, targetType: 'user', targetId: id });
    });
  }

  /** The account and all its data are gone; the audit trail keeps that it was there. @throws ApiError as `update` does */
  async remove(id: string, by: Author): Promise<void> {
    await this.change(id, async (tx, user) => {
      await this.assertAnotherAdmin(tx, user);
      await this.users.delete(tx, id);
      await this.audit.record(tx, {
        action: 'user.deleted',
        by,
        targetType: 'user',
        targetId: id,
        changes: { role: [user.role, null] },
      });
    });
  }

  /** @returns whether the password is still the one that was read: if not, nothing may be built on it */
  replacePasswordHash(tx: Tx, user: User, passwordHash: string): Promise<boolean> {
    return this.users.replacePasswordHash(tx, user.id, user.passwordHash, passwordHash);
  }

  /** One at a time: two administrators may act on each other at the same moment, and one must be left. */
  private async change(id: string, work: (tx: Tx, user: User) => Promise<void>): Promise<void> {
    await this.unitOfWork.write(
      async (tx) => {
        const user = await this.users.findInTx(tx, id);
        if (!user) throw new ApiError('not_found');
        await work(tx, user);
        tx.afterCommit(() => this.cache.invalidateAll(id));
      },
      { exclusive: 'account standing' },
    );
  }

  /** To be asked before the account stops being an active administrator, if it is one. */
  private async assertAnotherAdmin(tx: Tx, user: User): Promise<void> {
    if (isActiveAdmin(user) && (await this.users.countOtherActiveAdmins(tx, user.id)) === 0) throw new ApiError('last_admin');
  }
}

type Standing = Pick<User, 'role' | 'disabledAt'>;

function isActiveAdmin({ role, disabledAt }: Standing): boolean {
  return role === 'admin' && disabledAt === null;
}

function standingAfter({ role, disabledAt }: Standing, changes: UpdateUserDto): Standing {
  const disabled = changes.disabled ?? disabledAt !== null;
  return { role: changes.role ?? role, disabledAt: disabled ? (disabledAt ?? now()) : null };
}

/** What the audit trail tells of a change: one entry each for the role and for the access. */
function eventsBetween(before: Standing, after: Standing): Pick<AuditEvent, 'action' | 'changes'>[] {
  const events: Pick<AuditEvent, 'action' | 'changes'>[] = [];
  if (after.role !== before.role) events.push({ action: 'user.role_changed', changes: { role: [before.role, after.role] } });
  if (after.disabledAt !== before.disabledAt) {
    const action = after.disabledAt === null ? 'user.enabled' : 'user.disabled';
    events.push({ action, changes: { disabled_at: [before.disabledAt, after.disabledAt] } });
  }
  return events;
}

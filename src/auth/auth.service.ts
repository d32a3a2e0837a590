// Accounts as their owners handle them: registering, logging in and out, changing the password, leaving.
import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { Config } from '../config/config.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import type { Actor } from '../http/access.js';
import { ApiError } from '../http/api-error.js';
import type { Origin } from '../http/origin.js';
import { type User, UserDto, UsersService } from '../users/users.service.js';
import type { ChangePasswordDto } from './dto/change-password.dto.js';
import type { CredentialsDto } from './dto/credentials.dto.js';
import type { LoginDto } from './dto/login.dto.js';
import { LoginThrottle } from './login-throttle.js';
import { PasswordHasher } from './password-hasher.js';
import { passwordProblem } from './password-rules.js';
import type { LivingSession } from './sessions.repository.js';
import { SessionsService } from './sessions.service.js';

@Injectable()
export class AuthService {
  constructor(
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
    private readonly passwords: PasswordHasher,
    private readonly throttle: LoginThrottle,
    private readonly audit: AuditService,
    private readonly unitOfWork: UnitOfWork,
    private readonly config: Config,
  ) {}

  /** @throws ApiError `validation_failed` for a password that is too weak; `rate_limited`; `email_taken` */
  async register({ email, password }: CredentialsDto, origin: Origin): Promise<UserDto> {
    assertAcceptable('password', password, email);
    await this.throttle.countRegistration(email, origin);
    return UserDto.from(await this.users.create(email, await this.passwords.hash(password), 'user', origin));
  }

  /**
   * One answer, in the same time, for an unknown e-mail and a wrong password (OWASP ASVS 5.0, 6.3.8).
   * @throws ApiError `rate_limited`; `invalid_credentials`; `account_disabled` when the password was right
   */
  async login(credentials: CredentialsDto, origin: Origin): Promise<LoginDto> {
    const { email, password } = credentials;
    const user = await this.users.findByEmail(email);
    const matches = await this.throttle.checkPassword(email, origin, () => this.passwords.matches(password, user?.passwordHash));
    if (!user || !matches) return this.refuse(user, 'invalid_credentials', origin);
    if (user.disabledAt !== null) return this.refuse(user, 'account_disabled', origin);
    const session = await this.openSession(user, password, origin);
    return session ? this.answer(user, session) : this.login(credentials, origin);
  }

  /** @throws ApiError `invalid_refresh_token` */
  async refresh(refreshToken: string, origin: Origin): Promise<LoginDto> {
    const session = await this.sessions.refresh(refreshToken, origin);
    return this.answer(await this.users.getById(session.userId), session);
  }

  /**
   * Ends all other sessions, for whoever knew the old password may have opened them.
   * @throws ApiError `invalid_credentials`; `validation_failed` for a new password that is too weak; `rate_limited`
   */
  async changePassword(actor: Actor, dto: ChangePasswordDto): Promise<void> {
    const { current_password, new_password } = dto;
    assertAcceptable('new_password', new_password, actor.email);
    const user = await this.confirm(actor, current_password);
    const passwordHash = await this.passwords.hash(new_password);
    const changed = await this.unitOfWork.write(async (tx) => {
      if (!(await this.users.replacePasswordHash(tx, user, passwordHash))) return false;
      await this.sessions.endOthers(tx, actor);
      await this.audit.record(tx, { action: 'user.password_changed', by: actor, targetType: 'user', targetId: actor.id });
      return true;
    });
    if (!changed) await this.changePassword(actor, dto);
  }

  /** @throws ApiError `invalid_credentials`; `last_admin`; `rate_limited` */
  async deleteAccount(actor: Actor, password: string): Promise<void> {
    await this.confirm(actor, password);
    await this.users.remove(actor.id, actor);
  }

  /** Whoever acts must know the password: a session alone is not enough. */
  private async confirm(actor: Actor, password: string): Promise<User> {
    const user = await this.users.getById(actor.id);
    const matches = await this.throttle.checkPassword(user.email, actor.origin, () => this.passwords.matches(password, user.passwordHash));
    if (!matches) throw new ApiError('invalid_credentials');
    return user;
  }

  /**
   * Hashes the password anew where the cost has risen.
   * @returns nothing when the password was changed, or hashed anew, while it was checked: then it has to be checked again
   */
  private async openSession(user: User, password: string, origin: Origin): Promise<LivingSession | undefined> {
    const passwordHash = this.passwords.isOutdated(user.passwordHash) ? await this.passwords.hash(password) : user.passwordHash;
    return this.unitOfWork.write(async (tx) => {
      const unchanged = await this.users.replacePasswordHash(tx, user, passwordHash);
      return unchanged ? this.sessions.open(tx, user.id, origin) : undefined;
    });
  }

  private async refuse(user: User | undefined, code: 'invalid_credentials' | 'account_disabled', origin: Origin): Promise<never> {
    await this.unitOfWork.write((tx) =>
      this.audit.record(tx, { action: 'user.login_failed', by: { id: null, origin }, targetType: 'user', targetId: user?.id ?? null }),
    );
    throw new ApiError(code);
  }

  private answer(user: User, session: LivingSession): LoginDto {
    const { accessToken, refreshToken } = this.sessions.issueTokens(session);
    return {
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: this.config.accessTokenTtl,
      refresh_token: refreshToken,
      user: UserDto.from(user),
    };
  }
}

function assertAcceptable(field: string, password: string, email: string): void {
  const problem = passwordProblem(password, email);
  if (problem !== undefined) throw ApiError.field(field, problem);
}

// Accounts as their owners handle them: registering, logging in and out, changing the password, leaving.
import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { Config } from '../config/config.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import type { Actor } from '../http/access.js';
import { ApiError } from '../http/api-error.js';
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
  async register({ email, password }: CredentialsDto): Promise<UserDto> {
    assertAcceptable('password', password, email);
    await this.throttle.countRegistration(email);
    return UserDto.from(await this.users.create(email, await this.passwords.hash(password)));
  }

  /**
   * One answer, in the same time, for an unknown e-mail and a wrong password (OWASP ASVS 5.0, 6.3.8).
   * @throws ApiError `rate_limited`; `invalid_credentials`; `account_disabled` when the password was right
   */
  async login({ email, password }: CredentialsDto): Promise<LoginDto> {
    const user = await this.users.findByEmail(email);
    const matches = await this.throttle.checkPassword(email, () => this.passwords.matches(password, user?.passwordHash));
    if (!user || !matches) return this.refuse(user, 'invalid_credentials');
    if (user.disabledAt !== null) return this.refuse(user, 'account_disabled');
    return this.answer(user, await this.openSession(user, password));
  }

  /** @throws ApiError `invalid_refresh_token` */
  async refresh(refreshToken: string): Promise<LoginDto> {
    const session = await this.sessions.refresh(refreshToken);
    return this.answer(await this.users.getById(session.userId), session);
  }

  /**
   * Ends all other sessions, for whoever knew the old password may have opened them.
   * @throws ApiError `invalid_credentials`; `validation_failed` for a new password that is too weak; `rate_limited`
   */
  async changePassword(actor: Actor, { current_password, new_password }: ChangePasswordDto): Promise<void> {
    assertAcceptable('new_password', new_password, actor.email);
    const user = await this.confirm(actor, current_password);
    const passwordHash = await this.passwords.hash(new_password);
    await this.unitOfWork.write(async (tx) => {
      if (!(await this.users.replacePasswordHash(tx, user, passwordHash))) throw new ApiError('invalid_credentials');
      await this.sessions.endOthers(tx, actor);
      await this.audit.record(tx, { action: 'user.password_changed', actorId: actor.id, targetType: 'user', targetId: actor.id });
    });
  }

  /** @throws ApiError `invalid_credentials`; `last_admin`; `rate_limited` */
  async deleteAccount(actor: Actor, password: string): Promise<void> {
    await this.confirm(actor, password);
    await this.users.remove(actor.id, actor.id);
  }

  /** Whoever acts must know the password: a session alone is not enough. */
  private async confirm(actor: Actor, password: string): Promise<User> {
    const user = await this.users.getById(actor.id);
    const matches = await this.throttle.checkPassword(user.email, () => this.passwords.matches(password, user.passwordHash));
    if (!matches) throw new ApiError('invalid_credentials');
    return user;
  }

  /** The password may have been changed while it was checked: then it opens nothing any more. */
  private async openSession(user: User, password: string): Promise<LivingSession> {
    const passwordHash = this.passwords.isOutdated(user.passwordHash) ? await this.passwords.hash(password) : user.passwordHash;
    return this.unitOfWork.write(async (tx) => {
      if (!(await this.users.replacePasswordHash(tx, user, passwordHash))) throw new ApiError('invalid_credentials');
      return this.sessions.open(tx, user.id);
    });
  }

  private async refuse(user: User | undefined, code: 'invalid_credentials' | 'account_disabled'): Promise<never> {
    await this.unitOfWork.write((tx) =>
      this.audit.record(tx, { action: 'user.login_failed', actorId: null, targetType: 'user', targetId: user?.id ?? null }),
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

// Registering and logging in.
import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { Config } from '../config/config.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { ApiError } from '../http/api-error.js';
import { type User, UserDto, UsersService } from '../users/users.service.js';
import type { CredentialsDto } from './dto/credentials.dto.js';
import type { LoginDto } from './dto/login.dto.js';
import { PasswordHasher } from './password-hasher.js';
import { passwordProblem } from './password-rules.js';
import type { Session } from './session.entity.js';
import { SessionsService } from './sessions.service.js';

@Injectable()
export class AuthService {
  constructor(
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
    private readonly passwords: PasswordHasher,
    private readonly audit: AuditService,
    private readonly unitOfWork: UnitOfWork,
    private readonly config: Config,
  ) {}

  /** @throws ApiError `validation_failed` for a password that is too weak; `email_taken` */
  async register({ email, password }: CredentialsDto): Promise<UserDto> {
    const problem = passwordProblem(password, email);
    if (problem !== undefined) throw ApiError.field('password', problem);
    return UserDto.from(await this.users.create(email, await this.passwords.hash(password)));
  }

  /**
   * One answer, in the same time, for an unknown e-mail and a wrong password (OWASP ASVS 5.0, 6.3.8).
   * @throws ApiError `invalid_credentials`; `account_disabled` when the password was right
   */
  async login({ email, password }: CredentialsDto): Promise<LoginDto> {
    const user = await this.users.findByEmail(email);
    const matches = await this.passwords.matches(password, user?.passwordHash);
    if (!user || !matches) return this.refuse(user, 'invalid_credentials');
    if (user.disabledAt !== null) return this.refuse(user, 'account_disabled');
    return this.answer(user, await this.openSession(user));
  }

  /** @throws ApiError `not_found` when the account was deleted this very moment */
  async getAccount(userId: string): Promise<UserDto> {
    return UserDto.from(await this.users.getById(userId));
  }

  private openSession(user: User): Promise<Session> {
    return this.unitOfWork.write(async (tx) => {
      const session = await this.sessions.open(tx, user.id);
      await this.audit.record(tx, { action: 'user.logged_in', actorId: user.id, targetType: 'session', targetId: session.id });
      return session;
    });
  }

  private async refuse(user: User | undefined, code: 'invalid_credentials' | 'account_disabled'): Promise<never> {
    await this.unitOfWork.write((tx) =>
      this.audit.record(tx, { action: 'user.login_failed', actorId: null, targetType: 'user', targetId: user?.id ?? null }),
    );
    throw new ApiError(code);
  }

  private answer(user: User, session: Session): LoginDto {
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

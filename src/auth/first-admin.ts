// The administrator the environment names is there when the service starts.
import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Config } from '../config/config.js';
import { OPERATOR } from '../audit/audit.service.js';
import { ApiError } from '../http/api-error.js';
import { normaliseEmail } from '../http/email.js';
import { UsersService } from '../users/users.service.js';
import { PasswordHasher } from './password-hasher.js';
import { passwordProblem } from './password-rules.js';

@Injectable()
export class FirstAdmin implements OnApplicationBootstrap {
  private readonly logger = new Logger('FirstAdmin');

  constructor(
    private readonly config: Config,
    private readonly users: UsersService,
    private readonly passwords: PasswordHasher,
  ) {}

  /** An account that is there already is promoted and keeps its password. @throws Error when the environment's credentials cannot be used */
  async onApplicationBootstrap(): Promise<void> {
    if (!this.config.admin) return;
    const email = normaliseEmail(this.config.admin.email);
    if (email === undefined) throw new Error('ADMIN_EMAIL must be an e-mail address');
    const problem = passwordProblem(this.config.admin.password, email);
    if (problem !== undefined) throw new Error(`ADMIN_PASSWORD ${problem}`);
    await this.ensure(email, this.config.admin.password);
  }

  private async ensure(email: string, password: string): Promise<void> {
    const user = await this.users.findByEmail(email);
    if (user?.role === 'admin') return;
    if (user) await this.users.setRole(email, 'admin', OPERATOR);
    else await this.create(email, password);
    this.logger.log('The administrator of the environment is ready');
  }

  /** Another replica may create it at the same moment. */
  private async create(email: string, password: string): Promise<void> {
    try {
      await this.users.create(email, await this.passwords.hash(password), 'admin', null);
    } catch (error) {
      if (!(error instanceof ApiError && error.code === 'email_taken')) throw error;
    }
  }
}

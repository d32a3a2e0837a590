// Whoever a test lets call the service: accounts that are registered and logged in, whether the service runs inside the test or on its own.
import { Client } from './http.js';

export const PASSWORD = 'correct horse battery';

/** A registered account that is logged in. */
export class User extends Client {
  constructor(
    url: string,
    token: string,
    readonly id: string,
    readonly email: string,
    readonly refreshToken: string,
  ) {
    super(url, token);
  }
}

/** A running service, called by nobody in particular. */
export abstract class RunningService extends Client {
  async newUser(email = `${crypto.randomUUID()}@example.org`): Promise<User> {
    await this.post('/v1/auth/register', { email, password: PASSWORD });
    return this.logIn(email);
  }

  async logIn(email: string, password = PASSWORD): Promise<User> {
    const { body } = await this.post('/v1/auth/login', { email, password });
    return new User(this.url, body.access_token, body.user.id, email, body.refresh_token);
  }
}

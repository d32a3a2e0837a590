// The service as production boots it, listening on a port of its own, on surroundings of its own.
import 'reflect-metadata';
import type { Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Sql } from 'sql-template-tag';
import { createApp } from '../../src/app.setup.js';
import { loadConfig } from '../../src/config/config.js';
import { Reader } from '../../src/database/reader.js';
import { PASSWORD, RunningService, User } from './accounts.js';
import { createSurroundings, type Leg, type Surroundings } from './leg.js';

export { PASSWORD, User };

export class Service extends RunningService {
  private constructor(
    readonly app: NestFastifyApplication,
    url: string,
    readonly surroundings: Surroundings,
  ) {
    super(url);
  }

  /** @param environment beside what finds the database and the cache */
  static async start(environment: Record<string, string> = {}, onLeg: Leg = leg): Promise<Service> {
    return Service.startOn(await createSurroundings(onLeg), environment);
  }

  static async startOn(surroundings: Surroundings, environment: Record<string, string> = {}): Promise<Service> {
    const config = loadConfig({
      NODE_ENV: 'test',
      BCRYPT_COST: '4',
      LOG_LEVEL: 'silent',
      RATE_LIMIT: 'off',
      ...surroundings.environment,
      ...environment,
    });
    const app = await createApp(config);
    await app.listen({ host: '127.0.0.1', port: 0 });
    return new Service(app, await app.getUrl(), surroundings);
  }

  resolve<T>(type: Type<T> | (abstract new (...dependencies: never[]) => T)): T {
    return this.app.get<T>(type, { strict: false });
  }

  /** What is in the database, as committed. */
  rows<T = Record<string, unknown>>(statement: Sql): Promise<T[]> {
    return this.resolve(Reader).all<T>(statement);
  }

  /** Stops the service and leaves its data for another start. */
  async halt(): Promise<void> {
    await this.app.close();
  }

  async stop(): Promise<void> {
    await this.halt();
    await this.surroundings.remove();
  }
}

// npm run admin -- promote|demote <email>, or list: who the administrators are, from the machine the service runs on.
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { AppModule } from '../app.module.js';
import { OPERATOR } from '../audit/audit.service.js';
import { UserCache } from '../cache/user-cache.js';
import { loadConfig } from '../config/config.js';
import { ApiError } from '../http/api-error.js';
import { normaliseEmail } from '../http/email.js';
import { UsersService } from '../users/users.service.js';
import { runCommand, UsageError } from './command.js';

const USAGE = `Usage:
  npm run admin -- promote <email>   make an account an administrator
  npm run admin -- demote <email>    make an administrator an ordinary user
  npm run admin -- list              list the administrators`;

type Command = (users: UsersService, email: string) => Promise<string>;

const COMMANDS = new Map<string | undefined, Command>([
  ['promote', (users, email) => users.setRole(email, 'admin', OPERATOR).then(() => `${email} is an administrator now.`)],
  ['demote', (users, email) => users.setRole(email, 'user', OPERATOR).then(() => `${email} is an ordinary user now.`)],
  ['list', (users) => listAdmins(users)],
]);

async function listAdmins(users: UsersService): Promise<string> {
  const { items } = await users.list({ skip: 0, limit: 100, role: 'admin' });
  const lines = items.map((user) => `${user.email}  since ${user.created_at}${user.disabled_at === null ? '' : '  (disabled)'}`);
  return lines.length === 0 ? 'There is no administrator yet.' : lines.join('\n');
}

runCommand(async ([name, email = '']) => {
  const command = COMMANDS.get(name);
  const address = normaliseEmail(email);
  if (!command || (name !== 'list' && address === undefined)) throw new UsageError(USAGE);
  // Without the environment's administrator: whom one demotes here must not be promoted by the next command.
  const config = { ...loadConfig(), admin: undefined };
  const app = await NestFactory.createApplicationContext(AppModule.with(config), { logger: ['error'], abortOnError: false });
  try {
    console.log(await command(app.get(UsersService, { strict: false }), address ?? ''));
    const everybodyKnows = await app.get(UserCache, { strict: false }).settleAll();
    if (!everybodyKnows) console.error('Redis cannot be reached: a running service may take up to 30 seconds to see this.');
    return 0;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    console.error(error.code === 'not_found' ? `There is no account ${address}.` : error.message);
    return 1;
  } finally {
    await app.close();
  }
});

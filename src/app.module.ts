// The whole wiring on one page: the modules, and in their order what every request passes.
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { AuditModule } from './audit/audit.module.js';
import { AuthModule } from './auth/auth.module.js';
import { JwtAuthGuard } from './auth/jwt-auth.guard.js';
import { RolesGuard } from './auth/roles.guard.js';
import { ScopesGuard } from './auth/scopes.guard.js';
import { CacheModule } from './cache/cache.module.js';
import { ConfigModule } from './config/config.module.js';
import type { Config } from './config/config.js';
import { DatabaseModule } from './database/database.module.js';
import { ErrorFilter } from './http/error.filter.js';
import { HttpModule } from './http/http.module.js';
import { RateLimitGuard } from './http/rate-limit.guard.js';
import { RequestValidationPipe } from './http/validation.pipe.js';
import { OpsModule } from './ops/ops.module.js';
import { TakeoutModule } from './takeout/takeout.module.js';
import { UsersModule } from './users/users.module.js';
import { WatchlistsModule } from './watchlists/watchlists.module.js';

@Module({
  imports: [DatabaseModule, CacheModule, HttpModule, AuditModule, UsersModule, AuthModule, WatchlistsModule, TakeoutModule, OpsModule],
  providers: [
    { provide: APP_GUARD, useClass: JwtAuthGuard },
    { provide: APP_GUARD, useClass: RateLimitGuard },
    { provide: APP_GUARD, useClass: ScopesGuard },
    { provide: APP_GUARD, useClass: RolesGuard },
    { provide: APP_PIPE, useClass: RequestValidationPipe },
    { provide: APP_FILTER, useClass: ErrorFilter },
  ],
})
export class AppModule {
  static with(config: Config): DynamicModule {
    return { module: AppModule, imports: [ConfigModule.with(config)] };
  }
}

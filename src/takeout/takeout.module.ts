// Everything about a user in one file. It stands beside the features, because it asks all of them and none of them knows it.
import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { WatchlistsModule } from '../watchlists/watchlists.module.js';
import { TakeoutController } from './takeout.controller.js';
import { TakeoutService } from './takeout.service.js';

@Module({
  imports: [AuditModule, AuthModule, WatchlistsModule],
  controllers: [TakeoutController],
  providers: [TakeoutService],
})
export class TakeoutModule {}

import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '../audit/audit.module.js';
import { WatchlistItem } from './watchlist-item.entity.js';
import { WatchlistsController } from './watchlists.controller.js';
import { WatchlistsRepository } from './watchlists.repository.js';
import { WatchlistsService } from './watchlists.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([WatchlistItem]), AuditModule],
  controllers: [WatchlistsController],
  providers: [WatchlistsService, WatchlistsRepository],
})
export class WatchlistsModule {}

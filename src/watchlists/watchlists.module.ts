import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '../audit/audit.module.js';
import { ItemBatch } from './item-batch.js';
import { ItemWriter } from './item-writer.js';
import { TrashPurgeJob } from './trash-purge-job.js';
import { WatchlistItem } from './watchlist-item.entity.js';
import { WatchlistsController } from './watchlists.controller.js';
import { WatchlistsRepository } from './watchlists.repository.js';
import { WatchlistsService } from './watchlists.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([WatchlistItem]), AuditModule],
  controllers: [WatchlistsController],
  providers: [WatchlistsService, ItemWriter, ItemBatch, WatchlistsRepository, TrashPurgeJob],
  exports: [WatchlistsService],
})
export class WatchlistsModule {}

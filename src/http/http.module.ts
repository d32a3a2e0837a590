// What every feature's routes share.
import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CachedLists } from './cached-lists.js';
import { Cursors } from './cursor.js';
import { IdempotencyKey } from './idempotency-key.entity.js';
import { IdempotencyKeysRepository } from './idempotency-keys.repository.js';
import { IdempotencyPurgeJob } from './idempotency-purge-job.js';
import { IdempotentAnswers } from './idempotent-answers.js';
import { RateLimitCounters } from './rate-limit-counters.js';
import { RateLimits } from './rate-limits.js';

@Global()
@Module({
  imports: [TypeOrmModule.forFeature([IdempotencyKey])],
  providers: [CachedLists, Cursors, RateLimitCounters, RateLimits, IdempotencyKeysRepository, IdempotentAnswers, IdempotencyPurgeJob],
  exports: [CachedLists, Cursors, RateLimitCounters, RateLimits, IdempotencyKeysRepository, IdempotentAnswers],
})
export class HttpModule {}

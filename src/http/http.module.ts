// What every feature's routes share.
import { Global, Module } from '@nestjs/common';
import { Cursors } from './cursor.js';
import { RateLimitCounters } from './rate-limit-counters.js';
import { RateLimits } from './rate-limits.js';

@Global()
@Module({ providers: [Cursors, RateLimitCounters, RateLimits], exports: [Cursors, RateLimitCounters, RateLimits] })
export class HttpModule {}

// What Node tells of the process: memory, processor, garbage collection, and how late the event loop runs.
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { collectDefaultMetrics, Gauge, register } from 'prom-client';
import { VERSION } from '../config/version.js';

@Injectable()
export class ProcessMetrics implements OnModuleInit {
  /** The registry is the process's, which may hold several services in a test. */
  onModuleInit(): void {
    if (register.getSingleMetric('watchlist_info')) return;
    collectDefaultMetrics();
    new Gauge({ name: 'watchlist_info', help: 'Always 1; the version is the label.', labelNames: ['version'] }).set(
      { version: VERSION },
      1,
    );
  }
}

// What every unit of work goes through on either engine: waiting for its turn or its connection, which is measured, and then itself.
import { QueueMetrics } from '../telemetry/queue-metrics.js';
import { traced } from '../telemetry/tracing.js';
import { TransactionRunner, type Work, type WriteOptions } from './unit-of-work.js';

const gate = new QueueMetrics('watchlist_write_gate', 'Writes');

export class MeasuredRunner extends TransactionRunner {
  constructor(private readonly runner: TransactionRunner) {
    super();
  }

  run<T>(work: Work<T>, options: WriteOptions): Promise<T> {
    const begin = gate.join();
    const measured: Work<T> = (tx) => {
      begin();
      return work(tx);
    };
    // Its turn may never come: the database is away, or locked by another process.
    return traced('write', {}, () => this.runner.run(measured, options)).finally(begin);
  }
}

// Times statements, for the metrics and for the trace of the request they belong to.
import { Histogram, type Series } from '../telemetry/histogram.js';
import { traced, tracedSync } from '../telemetry/tracing.js';

const duration = new Histogram({
  name: 'watchlist_database_query_duration_seconds',
  help: 'Time a statement took at the driver, by what it does.',
  labelNames: ['operation'],
  buckets: [0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
});

/** What else a statement can be called is of no interest. */
const OPERATIONS = new Set(['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'WITH', 'BEGIN', 'COMMIT', 'ROLLBACK']);

export class QueryProbe {
  private readonly operation: string;
  private readonly durations: Series;
  private readonly attributes;

  /** @param text with parameters in place of values, as it is sent */
  constructor(system: 'sqlite' | 'postgresql', text: string) {
    const verb = /[a-z]+/i.exec(text)?.[0].toUpperCase() ?? '';
    this.operation = OPERATIONS.has(verb) ? verb : 'OTHER';
    this.durations = duration.labelled(this.operation);
    this.attributes = { 'db.system.name': system, 'db.operation.name': verb, 'db.query.text': text };
  }

  time<T>(query: () => T): T {
    const start = performance.now();
    try {
      return tracedSync(this.operation, this.attributes, query);
    } finally {
      this.observe(start);
    }
  }

  async timeAsync<T>(query: () => Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await traced(this.operation, this.attributes, query);
    } finally {
      this.observe(start);
    }
  }

  private observe(start: number): void {
    this.durations.observe((performance.now() - start) / 1_000);
  }
}

// How many wait in a queue of this process, and how long each waited.
import { Gauge } from 'prom-client';
import { Histogram, type Series } from './histogram.js';

export class QueueMetrics {
  private readonly waiting: Gauge;
  private readonly wait: Series;

  /** Makes `<name>_waiting` and `<name>_wait_seconds`. @param who waits there, in the plural */
  constructor(name: string, who: string) {
    this.waiting = new Gauge({ name: `${name}_waiting`, help: `${who} that wait for their turn.` });
    this.wait = new Histogram({
      name: `${name}_wait_seconds`,
      help: `How long ${who.toLowerCase()} waited for their turn.`,
      buckets: [0.000_1, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    }).labelled();
  }

  /** @returns what is to be called when the turn has come; a second call does nothing */
  join(): () => void {
    const start = performance.now();
    let waits = true;
    this.waiting.inc();
    return () => {
      if (!waits) return;
      waits = false;
      this.waiting.dec();
      this.wait.observe((performance.now() - start) / 1_000);
    };
  }
}

// A gauge that looks only when it is scraped. A process may hold several services, as in tests: it shows the sum of what they tell.
import { Gauge } from 'prom-client';

type Source = () => number | Promise<number>;

export class ScrapedGauge {
  private readonly sources = new Set<Source>();
  private readonly gauge: Gauge;

  constructor(name: string, help: string) {
    this.gauge = new Gauge({ name, help, collect: async () => this.gauge.set(await sumOf(this.sources)) });
  }

  /** @returns how to take the source away again */
  add(source: Source): () => void {
    this.sources.add(source);
    return () => this.sources.delete(source);
  }
}

/** A source that cannot tell makes it "not a number": the other metrics are there all the same. */
async function sumOf(sources: Iterable<Source>): Promise<number> {
  try {
    const values = await Promise.all(Array.from(sources, async (source) => source()));
    return values.reduce((sum, value) => sum + value, 0);
  } catch {
    return Number.NaN;
  }
}

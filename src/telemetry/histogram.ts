// A Prometheus histogram for what happens with every request. The library's own makes a text of the labels to find what belongs
// to them, and another of the bucket's bound, whenever something is observed: many times the cost of counting it.
import { type Histogram as LibraryHistogram, register } from 'prom-client';

type Labels = Readonly<Record<string, string | number>>;

interface Sample {
  readonly metricName: string;
  readonly labels: Labels;
  readonly value: number;
}

/** What was observed under one set of labels. */
export class Series {
  private readonly counts: number[];
  private sum = 0;

  constructor(
    private readonly labels: Labels,
    private readonly bounds: readonly number[],
  ) {
    this.counts = Array.from({ length: bounds.length + 1 }, () => 0);
  }

  observe(value: number): void {
    let bucket = 0;
    while (bucket < this.bounds.length && value > (this.bounds[bucket] ?? Infinity)) bucket++;
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1;
    this.sum += value;
  }

  /** Cumulative, as Prometheus reads them. */
  samples(name: string): Sample[] {
    let count = 0;
    const buckets = [...this.bounds, '+Inf'].map((le, bucket) => {
      count += this.counts[bucket] ?? 0;
      return { metricName: `${name}_bucket`, labels: { le, ...this.labels }, value: count };
    });
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels: this.labels, value: this.sum },
      { metricName: `${name}_count`, labels: this.labels, value: count },
    ];
  }
}

interface Description {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly string[];
  /** Their upper bounds, ascending. */
  readonly buckets: readonly number[];
}

export class Histogram {
  readonly name: string;
  private readonly series = new Map<string, Series>();

  constructor(private readonly description: Description) {
    this.name = description.name;
    // All that the registry asks of a metric is its name and `get`.
    register.registerMetric(this as unknown as LibraryHistogram);
  }

  /** @param values of the labels, in the order of their names; without spaces */
  labelled(...values: (string | number)[]): Series {
    const key = values.join(' ');
    const known = this.series.get(key);
    if (known) return known;
    const { labelNames = [], buckets } = this.description;
    const series = new Series(Object.fromEntries(labelNames.map((name, index) => [name, values[index] ?? ''])), buckets);
    this.series.set(key, series);
    return series;
  }

  async get() {
    const values = [...this.series.values()].flatMap((series) => series.samples(this.name));
    return { name: this.name, help: this.description.help, type: 'histogram', values };
  }
}

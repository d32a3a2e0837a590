// The library's connection to PostgreSQL, with every statement timed.
import { Client, type ClientConfig } from 'pg';
import { QueryProbe } from './query-probe.js';

type Query = (text: string, values?: unknown[]) => Promise<unknown>;

export class MeasuredPostgres extends Client {
  constructor(config?: ClientConfig) {
    super(config);
    const query: Query = this.query.bind(this);
    const timed: Query = (text, values) => new QueryProbe('postgresql', text).timeAsync(() => query(text, values));
    this.query = timed as typeof this.query;
  }
}

// How many requests, how they ended, how long they took: per pattern of a route, so that the labels stay few whatever is asked for.
import { Counter, Gauge } from 'prom-client';
import { Histogram } from '../telemetry/histogram.js';

/** What is kept of a request when it is over, as it stands in the log. */
export interface FinishedRequest {
  readonly request_id: string;
  readonly method: string;
  /** A pattern, never what was asked for. */
  readonly route: string;
  readonly status: number;
  /** Of the error it was answered with. */
  readonly code?: string | undefined;
  readonly duration_ms: number;
  readonly user_id?: string | undefined;
  /** Of the body that was sent. */
  readonly bytes: number;
  readonly trace_id?: string | undefined;
}

const duration = new Histogram({
  name: 'watchlist_http_request_duration_seconds',
  help: 'Time from the head of a request to the end of its answer.',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
});
const errors = new Counter({
  name: 'watchlist_http_errors_total',
  help: 'Requests answered with an error, by its code.',
  labelNames: ['code'],
});
let inFlight = 0;
const inFlightGauge: Gauge = new Gauge({
  name: 'watchlist_http_requests_in_flight',
  help: 'Requests being served.',
  collect: () => inFlightGauge.set(inFlight),
});

/** Only counted here: the gauge is told when somebody looks. */
export function countInFlight(difference: 1 | -1): void {
  inFlight += difference;
}

export function measureRequest({ method, route, status, code, duration_ms }: FinishedRequest): void {
  duration.labelled(method, route, status).observe(duration_ms / 1_000);
  if (code !== undefined) errors.inc({ code });
}

// How many requests, how they ended, how long they took: per route pattern, so that the labels stay few whatever is asked for.
import type { FastifyInstance } from 'fastify';
import { Histogram } from 'prom-client';

const duration = new Histogram({
  name: 'watchlist_http_request_duration_seconds',
  help: 'Time from the first byte of a request to the last of its answer.',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
});

/** Requests no route was found for share this label. */
export const NO_ROUTE = 'none';

export function measureRequests(server: FastifyInstance): void {
  server.addHook('onResponse', (request, reply, done) => {
    duration.observe(
      { method: request.method, route: request.routeOptions.url ?? NO_ROUTE, status: reply.statusCode },
      reply.elapsedTime / 1_000,
    );
    done();
  });
}

// The typed client of whoever is logged in, and the cache of what it was answered.
import { QueryClient } from '@tanstack/preact-query';
import createClient from 'openapi-fetch';
import { sendAuthorized } from '../session/session.js';
import { Problem } from './problem.js';
import type { paths } from './schema.js';

/** Use with `answerOf`: `await answerOf(api.GET('/v1/watchlists', …))`. */
export const api = createClient<paths>({
  fetch: sendAuthorized,
  querySerializer: { array: { style: 'form', explode: false } },
});

const MOST_RETRIES = 2;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // What a tab shows is asked for again when one comes back to it.
      staleTime: 5_000,
      retry: (failures, error) => failures < MOST_RETRIES && error instanceof Problem && error.passes,
    },
  },
});

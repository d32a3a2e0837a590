// SQLite and PostgreSQL, with and without Redis, are one service to whoever calls it: what one answers, the others answer.
import { describe, expect, it } from '@jest/globals';
import { generateRequests, GENERATED_ENVIRONMENT, type Outcome, outcomesOf, SEED } from '../support/generated-requests.js';
import type { Leg } from '../support/leg.js';
import { Service } from '../support/service.js';

const REQUESTS = generateRequests(Number(process.env.WATCHLIST_TEST_SEED ?? SEED) + 1, 2_000);
const LONGEST_MS = 360_000;

async function outcomesOn(leg: Leg): Promise<Outcome[]> {
  const service = await Service.start(GENERATED_ENVIRONMENT, leg);
  return outcomesOf(service, REQUESTS).finally(() => service.stop());
}

/** Requests and answers that differ, to be read. */
function differences(expected: readonly Outcome[], actual: readonly Outcome[]): object[] {
  return REQUESTS.flatMap((request, index) =>
    expected[index] === actual[index] ? [] : [{ request, expected: expected[index], actual: actual[index] }],
  );
}

describe('the engines', () => {
  it(
    'answer two thousand generated requests with the same statuses and codes',
    async () => {
      // One after the other: passport keeps one strategy per process, that of the service started last.
      const outcomes: Outcome[][] = [];
      for (const leg of legs.filter(({ redisUrl }) => redisUrl === undefined)) outcomes.push(await outcomesOn(leg));
      const [first = [], ...others] = outcomes;

      expect(first).toHaveLength(REQUESTS.length);
      for (const other of others) expect(differences(first, other)).toEqual([]);
    },
    LONGEST_MS,
  );
});

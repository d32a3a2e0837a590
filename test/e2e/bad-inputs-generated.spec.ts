// Two thousand requests made up from the API document: none is answered with a 5xx, no error is outside the envelope.
// That all legs answer the same is shown in contract/engines-agree.spec.ts.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generateRequests, GENERATED_ENVIRONMENT, outcomesOf, SEED } from '../support/generated-requests.js';
import { Service } from '../support/service.js';

const COUNT = 2_000;
const LONGEST_MS = 180_000;

describe('generated requests', () => {
  let service: Service;

  beforeAll(async () => {
    service = await Service.start(GENERATED_ENVIRONMENT);
  });
  afterAll(() => service.stop());

  it(
    'are answered without a 5xx and in the envelope, the good ones and the bad ones',
    async () => {
      const seed = Number(process.env.WATCHLIST_TEST_SEED ?? SEED);
      const outcomes = await outcomesOf(service, generateRequests(seed, COUNT));

      expect(outcomes).toHaveLength(COUNT);
      // Else the generator would try one thing only.
      expect([...new Set(outcomes)]).toEqual(
        expect.arrayContaining([
          '200 ',
          '201 ',
          '400 validation_failed',
          '400 malformed_request',
          '401 not_authenticated',
          '403 forbidden',
          '404 not_found',
        ]),
      );
    },
    LONGEST_MS,
  );
});

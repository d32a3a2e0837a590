// Whatever is added, changed and deleted between two pages: every item that nobody touched, and that the filters leave, comes exactly
// once. The scripts are made up; one that fails is printed with the seed that makes it again.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { Json } from '../support/http.js';
import { BATCH, film, ITEMS, LIST } from '../support/items.js';
import { Service, type User } from '../support/service.js';

/** More by hand: `RUNS=500 npm test -- paging-property`. */
const RUNS = Number(process.env.RUNS ?? 15);
const SORTS = ['created_at', 'updated_at', 'title', 'year', 'rating'].flatMap((name) => [name, `-${name}`]);

const fields = fc.record({
  media_type: fc.constantFrom('movie', 'show'),
  status: fc.constantFrom('planned', 'watching', 'watched'),
  year: fc.option(fc.integer({ min: 1990, max: 1993 })),
  rating: fc.option(fc.integer({ min: 1, max: 4 })),
});
const query = fc.record({
  sort: fc.constantFrom(...SORTS),
  limit: fc.integer({ min: 1, max: 7 }),
  status: fc.constantFrom('', '&status=planned', '&status=planned,watched'),
  media: fc.constantFrom('', '&media_type=movie'),
});
const edit = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), fields }),
  fc.record({ kind: fc.constant('change' as const), at: fc.nat(), fields }),
  fc.record({ kind: fc.constant('delete' as const), at: fc.nat() }),
);

let service: Service;
beforeAll(async () => {
  service = await Service.start();
});
afterAll(() => service.stop());

async function library(user: User, items: readonly object[]): Promise<Json[]> {
  const operations = items.map((item) => ({ op: 'add', ...film(), ...item }));
  const { body } = await user.post(BATCH, { operations });
  return body.results.map(({ item }: Json) => item);
}

it(
  'paging by cursor shows every untouched item exactly once',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fields, { minLength: 5, maxLength: 25 }),
        query,
        fc.array(fc.array(edit, { maxLength: 3 }), { maxLength: 8 }),
        async (items, { sort, limit, status, media }, scripts) => {
          const user = await service.newUser();
          const all = await library(user, items);
          const path = `${LIST}?sort=${sort}&limit=${limit}${status}${media}`;
          const matching = new Set((await user.get(path.replace(/limit=\d+/, 'limit=100'))).body.items.map(({ id }: Json) => id));
          const touched = new Set<string>();
          const seen: string[] = [];

          let cursor: string | null = null;
          for (let page = 0; page === 0 || cursor !== null; page++) {
            const { body } = await user.get(cursor === null ? path : `${path}&cursor=${cursor}`);
            seen.push(...body.items.map(({ id }: Json) => id));
            cursor = body.next_cursor;
            for (const step of scripts[page] ?? []) {
              if (step.kind === 'add') await user.post(ITEMS, { ...film(), ...step.fields });
              else {
                const { id } = all[step.at % all.length];
                touched.add(id);
                await (step.kind === 'delete' ? user.delete(`${ITEMS}/${id}`) : user.patch(`${ITEMS}/${id}`, step.fields));
              }
            }
          }

          const untouched = all.map(({ id }) => id).filter((id) => matching.has(id) && !touched.has(id));
          const times = untouched.map((id) => seen.filter((each) => each === id).length);
          expect(times).toEqual(untouched.map(() => 1));
        },
      ),
      { numRuns: RUNS },
    );
  },
  60_000 + RUNS * 2_000,
);

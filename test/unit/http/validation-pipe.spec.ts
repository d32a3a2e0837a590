import 'reflect-metadata';
import type { ArgumentMetadata } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { RequestValidationPipe } from '../../../src/http/validation.pipe.js';
import { LimitQuery } from '../../../src/http/paging.js';

const QUERY: ArgumentMetadata = { type: 'query', metatype: LimitQuery };

describe('RequestValidationPipe', () => {
  it('checks a query once, and lets nobody change what everybody gets', async () => {
    const pipe = new RequestValidationPipe();
    const first = await pipe.transform({ limit: '5' }, QUERY);

    expect(first).toEqual({ limit: 5 });
    expect(first).toBeInstanceOf(LimitQuery);
    expect(await pipe.transform({ limit: '5' }, QUERY)).toBe(first);
    expect(Object.isFrozen(first)).toBe(true);
    expect(await pipe.transform({ limit: '6' }, QUERY)).toEqual({ limit: 6 });
  });

  it('takes no query of one route for the same query of another', async () => {
    class OtherQuery extends LimitQuery {}
    const pipe = new RequestValidationPipe();
    await pipe.transform({ limit: '5' }, QUERY);

    expect(await pipe.transform({ limit: '5' }, { type: 'query', metatype: OtherQuery })).toBeInstanceOf(OtherQuery);
  });

  it.each<[object]>([[{ limit: '0' }], [{ limit: ['5', '5'] }], [{ limit: '5', unknown: '' }], [{ constructor: '5' }]])(
    'refuses a bad query every time: %j',
    async (query) => {
      const pipe = new RequestValidationPipe();

      for (let time = 0; time < 2; time++)
        await expect(async () => pipe.transform(query, QUERY)).rejects.toMatchObject({ code: 'validation_failed' });
    },
  );
});

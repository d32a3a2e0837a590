import { describe, expect, it } from '@jest/globals';
import { assert, constantFrom, integer, property, record, string } from 'fast-check';
import {
  changed,
  lastCountable,
  pageNumbers,
  pathOf,
  queryOf,
  SIZES,
  SORTS,
  STATUSES,
  type View,
  viewOf,
  WHOLE_LIST,
} from '../../../web/src/list/view.js';

const parse = (path: string): View => viewOf(new URL(path, 'http://localhost').searchParams);

describe('the view in the address', () => {
  it('comes back as it was', () => {
    const views = record({
      q: string().map((text) => text.trim()),
      status: constantFrom(undefined, ...STATUSES),
      type: constantFrom(undefined, 'movie' as const, 'show' as const),
      sort: constantFrom(...SORTS.keys()),
      page: integer({ min: 1, max: 1_000 }),
      size: constantFrom(...SIZES),
      cursor: constantFrom(undefined, 'abc'),
      item: constantFrom(undefined, '01980000-0000-7000-8000-000000000000'),
    });
    assert(property(views, (view) => expect(parse(pathOf(view))).toEqual(view)));
  });

  it('is as short as it can be', () => {
    expect(pathOf(WHOLE_LIST)).toBe('/');
    expect(pathOf(changed({ ...WHOLE_LIST, page: 7, item: 'x', q: 'a b' }, { status: 'watched' }))).toBe('/?q=a+b&status=watched');
  });

  it.each(['/?status=constructor', '/?sort=__proto__', '/?page=-1', '/?page=1.5', '/?page=x', '/?size=7', '/?type=', '/?nothing=1'])(
    'passes over what makes no sense in %s',
    (path) => {
      expect(parse(path)).toEqual(WHOLE_LIST);
    },
  );

  it('asks the service for just that page', () => {
    expect(queryOf(parse('/?q=dune&status=watched&type=movie&sort=title&page=3&size=50'))).toEqual({
      q: 'dune',
      status: ['watched'],
      media_type: ['movie'],
      sort: 'title',
      limit: 50,
      skip: 100,
    });
    expect(queryOf(parse('/?page=502&cursor=abc'))).toEqual({ sort: '-created_at', limit: 20, cursor: 'abc' });
  });
});

describe('pages', () => {
  it.each([
    [1, 1, [1]],
    [1, 2, [1, 2]],
    [2, 7, [1, 2, 3, 0, 7]],
    [4, 7, [1, 2, 3, 4, 5, 6, 7]],
    [5, 9, [1, 0, 4, 5, 6, 0, 9]],
    [7, 7, [1, 0, 6, 7]],
  ])('on page %p of %p are offered as %p', (page, last, numbers) => {
    expect(pageNumbers(page, last)).toEqual(numbers);
  });

  it('are counted to as far as the service counts', () => {
    expect([lastCountable(0, 20), lastCountable(40, 20), lastCountable(41, 20), lastCountable(50_000, 20)]).toEqual([1, 2, 3, 501]);
  });
});

import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { lengthOf } from '../../../src/http/text.js';
import { type ItemText, keysOf, searchWords } from '../../../src/watchlists/item-keys.js';

const DUNE: ItemText = { title: 'Dune', mediaType: 'movie', year: 2021, notes: null };

const identityOf = (changed: Partial<ItemText>): string => keysOf({ ...DUNE, ...changed }).identityKey;

describe('two items are the same', () => {
  it.each([
    ['in another case', 'dUNE'],
    ['in full width', 'Ｄｕｎｅ'],
    ['with other spaces', ' Dune\u00A0'],
  ])('with the title %s', (_, title) => {
    expect(identityOf({ title })).toBe(identityOf({}));
  });

  it('with other notes', () => {
    expect(identityOf({ notes: 'the new one' })).toBe(identityOf({}));
  });
});

describe('two items differ', () => {
  it.each<[string, Partial<ItemText>]>([
    ['by title', { title: 'Dune 2' }],
    ['by accent', { title: 'Duné' }],
    ['by media type', { mediaType: 'show' }],
    ['by year', { year: 1984 }],
    ['by year, one having none', { year: null }],
  ])('%s', (_, changed) => {
    expect(identityOf(changed)).not.toBe(identityOf({}));
  });

  it('by title also behind the part that is sorted by', () => {
    const long = '\uFDFA'.repeat(299);

    expect(identityOf({ title: `${long}a` })).not.toBe(identityOf({ title: `${long}b` }));
  });

  it('though their year and title run together alike', () => {
    expect(identityOf({ year: 20, title: '21 Jump Street' })).not.toBe(identityOf({ year: 2021, title: 'Jump Street' }));
    expect(identityOf({ year: null, title: '1984' })).not.toBe(identityOf({ year: 1984, title: '' }));
  });
});

describe('the keys of any item', () => {
  it('fit their columns, whatever folding makes of the title', () => {
    const title = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 300 }),
      fc.constant('\uFDFA'.repeat(300)),
      fc.constant('🎬'.repeat(300)),
    );
    fc.assert(
      fc.property(title, (text) => {
        const { titleKey, identityKey } = keysOf({ ...DUNE, title: text });
        expect(lengthOf(titleKey)).toBeLessThanOrEqual(300);
        expect(titleKey.isWellFormed()).toBe(true);
        expect(identityKey).toHaveLength(43);
      }),
    );
  });
});

describe('searching', () => {
  const found = (q: string, changed: Partial<ItemText>): boolean =>
    searchWords(q).every((word) => keysOf({ ...DUNE, ...changed }).searchKey.includes(word));

  it.each<[string, string, Partial<ItemText>, boolean]>([
    ['a part of the title', 'un', {}, true],
    ['any case', 'dUnE', {}, true],
    ['any case of any script', 'АМЕЛИ', { title: 'Амели' }, true],
    ['the start of a Greek word in capitals', 'ΟΔΥΣ', { title: 'Οδυσσέας' }, true],
    ['words in another order', 'wars star', { title: 'Star Wars' }, true],
    ['words across title and notes', 'dune villeneuve', { notes: 'by Villeneuve' }, true],
    ['a word that is not there', 'dune lynch', { notes: 'by Villeneuve' }, false],
    ['a word made of the end of the title and the start of the notes', 'duneby', { notes: 'by Villeneuve' }, false],
    ['compatibility forms', 'ﬁlm', { title: 'Film' }, true],
  ])('by %s', (_, q, item, expected) => {
    expect(found(q, item)).toBe(expected);
  });

  it('by white space alone asks for nothing', () => {
    expect(searchWords(' \u3000 ')).toEqual([]);
  });
});

import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { fold, isManyLines, isOneLine, lengthOf } from '../../../src/http/text.js';

describe('length', () => {
  it.each([
    ['', 0],
    ['abc', 3],
    ['é', 1],
    ['🎬🎬', 2],
    ['e\u0301', 2],
  ])('of %j is %d code points', (text, length) => {
    expect(lengthOf(text)).toBe(length);
  });
});

describe('what text may hold', () => {
  it.each([
    ['plain', 'Dune', true, true],
    ['in any script', 'Амели · 千と千尋の神隠し · عمر', true, true],
    ['beyond the first plane', '🎬 𝕏', true, true],
    ['combining', 'Ame\u0301lie', true, true],
    ['thirty marks on one letter', `a${'\u0301\u0327'.repeat(15)}`, true, true],
    ['more marks than that', `a${'\u0301\u0327'.repeat(15)}\u0301`, false, false],
    ['a tab', 'a\tb', false, true],
    ['a line break', 'a\nb', false, true],
    ['a carriage return', 'a\rb', false, false],
    ['NUL', 'a\0b', false, false],
    ['an escape character', 'a\u001Bb', false, false],
    ['DEL', 'a\u007Fb', false, false],
    ['a C1 control', 'a\u0085b', false, false],
    ['a lone surrogate', 'a\uD800b', false, false],
    ['a line separator', 'a\u2028b', false, true],
    ['a paragraph separator', 'a\u2029b', false, true],
    ['a right-to-left override', 'a\u202Eb', false, false],
    ['a left-to-right mark', 'a\u200Eb', false, false],
    ['an Arabic letter mark', 'a\u061Cb', false, false],
    ['an isolate', 'a\u2066b\u2069', false, false],
    ['a zero-width space', 'a\u200Bb', false, true],
    ['a zero-width joiner', 'a\u200Db', false, true],
    ['a word joiner', 'a\u2060b', false, true],
    ['a byte order mark', 'a\uFEFFb', false, true],
    ['a soft hyphen', 'a\u00ADb', false, true],
  ])('%s: in one line or in many', (_, text, oneLine, manyLines) => {
    expect([isOneLine(text), isManyLines(text)]).toEqual([oneLine, manyLines]);
  });
});

describe('folding', () => {
  it.each([
    ['case', 'DUNE', 'dune'],
    ['case beyond ASCII', 'ÀÉÎÕÜ ЖУК Ω', 'àéîõü жук ω'],
    ['the Greek s at the end of a word', 'ΟΔΥΣΣΕΑΣ', 'οδυσσεασ'],
    ['the Kelvin sign', '\u212A', 'k'],
    ['ligatures', 'ﬁlm', 'film'],
    ['full width', 'Ｄｕｎｅ２', 'dune2'],
    ['composition', 'Ame\u0301lie', 'Amélie'],
    ['runs of spaces of any kind', '  a \u00A0\u3000\n\tb ', 'a b'],
    ['superscripts', 'Alien³', 'alien3'],
  ])('makes no difference of %s', (_, one, other) => {
    expect(fold(one)).toBe(fold(other));
  });

  it.each([
    ['accents', 'Amelie', 'Amélie'],
    ['punctuation', 'Alien: 3', 'Alien 3'],
    ['spaces against none', 'Star Wars', 'StarWars'],
  ])('keeps the difference of %s', (_, one, other) => {
    expect(fold(one)).not.toBe(fold(other));
  });

  it('is done once and for all: folding again changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => expect(fold(fold(text))).toBe(fold(text))),
      { numRuns: 1_000 },
    );
  });

  it('gives every letter and its capital one form', () => {
    const apart: string[] = [];
    for (let codePoint = 0; codePoint <= 0x10_ffff; codePoint++) {
      if (codePoint >= 0xd8_00 && codePoint <= 0xdf_ff) continue;
      const letter = String.fromCodePoint(codePoint);
      const capital = letter.toUpperCase();
      // Only pairs: ß, for one, has no capital of its own and becomes SS.
      const isPair = capital !== letter && capital.toLowerCase() === letter;
      if (isPair && fold(capital) !== fold(letter)) apart.push(letter);
    }
    expect(apart).toEqual([]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { linesOf, understand } from '../../../web/src/add/add-language.js';

const YEAR = 2026;

describe('a line that adds a title', () => {
  it.each([
    ['Dune', { title: 'Dune', media_type: 'movie' }],
    ['  Dune   Part Two ', { title: 'Dune Part Two', media_type: 'movie' }],
    ['Dune 2021', { title: 'Dune', media_type: 'movie', year: 2021 }],
    ['Dune (2021)', { title: 'Dune', media_type: 'movie', year: 2021 }],
    ['Dune 2021 show !watching', { title: 'Dune', media_type: 'show', year: 2021, status: 'watching' }],
    ['!watched Dune show 2021', { title: 'Dune', media_type: 'show', year: 2021, status: 'watched' }],
    ['Severance show', { title: 'Severance', media_type: 'show' }],
    ['Severance tv !SEEN *9', { title: 'Severance', media_type: 'show', status: 'watched', rating: 9 }],
    ['Severance ★8,5', { title: 'Severance', media_type: 'movie', rating: 8.5 }],
    ['Severance !show', { title: 'Severance', media_type: 'show' }],
    ['The Truman Show 1998', { title: 'The Truman Show', media_type: 'movie', year: 1998 }],
    ['Scary Movie', { title: 'Scary Movie', media_type: 'movie' }],
    ['"the truman show" 1998', { title: 'the truman show', media_type: 'movie', year: 1998 }],
    ['“Wonder Woman 1984” 2020', { title: 'Wonder Woman 1984', media_type: 'movie', year: 2020 }],
    ['1917 2019', { title: '1917', media_type: 'movie', year: 2019 }],
    ['2012', { title: '2012', media_type: 'movie' }],
    ['show', { title: 'show', media_type: 'movie' }],
    ['Blade Runner 2049', { title: 'Blade Runner 2049', media_type: 'movie' }],
    ['Blade Runner 2049 2017', { title: 'Blade Runner 2049', media_type: 'movie', year: 2017 }],
    ['Space 1799', { title: 'Space 1799', media_type: 'movie' }],
    ['*batteries not included', { title: '*batteries not included', media_type: 'movie' }],
    ['Mother!', { title: 'Mother!', media_type: 'movie' }],
    ['Airplane! 1980', { title: 'Airplane!', media_type: 'movie', year: 1980 }],
  ])('means with %p what it says', (line, item) => {
    expect(understand(line, YEAR)).toEqual({ item });
  });

  it.each(['', '   '])('means nothing when it is %p', (line) => {
    expect(understand(line, YEAR)).toBeUndefined();
  });

  it.each([
    ['Dune !seeing', '“!seeing” is none of !planned, !watching, !watched, !dropped'],
    ['Dune *11', 'A rating goes from 0.5 to 10, in halves'],
    ['Dune *7.3', 'A rating goes from 0.5 to 10, in halves'],
    ['!watching', 'There is no title yet'],
    ['x'.repeat(301), 'A title has at most 300 characters'],
  ])('says what is wrong with %p', (line, problem) => {
    expect(understand(line, YEAR)?.problem).toBe(problem);
  });
});

it('a pasted list has a title on each line, whatever stands before it', () => {
  expect(linesOf('- Dune 2021\r\n\r\n * Arrival\n3. Solaris\n• Stalker \n12 Monkeys\n')).toEqual([
    'Dune 2021',
    'Arrival',
    'Solaris',
    'Stalker',
    '12 Monkeys',
  ]);
});

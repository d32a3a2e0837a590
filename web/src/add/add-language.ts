// What a line such as `Dune 2021 show !watching` means. The words after the title may come in any order: a year, `movie` or `show`
// in small letters, a `!status`, a `*rating`. What stands in quotes is title, whatever it looks like: `"Scary movie" 2000`.
import type { MediaType, NewItem, Status } from '../api/types.js';

export interface Understood {
  readonly item: NewItem;
  /** What keeps it from being added. */
  readonly problem?: string;
}

const FIRST_YEAR = 1870;
/** Films are announced that long ahead; a later number is more likely part of a title. */
const YEARS_AHEAD = 6;
const LONGEST_TITLE = 300;

const TYPES = new Map<string, MediaType>([
  ['movie', 'movie'],
  ['film', 'movie'],
  ['show', 'show'],
  ['series', 'show'],
  ['tv', 'show'],
]);
const STATUSES = new Map<string, Status>([
  ['planned', 'planned'],
  ['watching', 'watching'],
  ['watched', 'watched'],
  ['seen', 'watched'],
  ['dropped', 'dropped'],
]);

type Fields = { -readonly [name in keyof NewItem]?: NewItem[name] };

/** @returns nothing for a line without a word */
export function understand(line: string, thisYear = new Date().getFullYear()): Understood | undefined {
  if (line.trim() === '') return undefined;
  const { quoted, rest } = takeQuoted(line.trim());
  const words = rest.split(/\s+/).filter(Boolean);
  const fields: Fields = {};
  const problem = takeMarks(words, fields);
  // At least one word is the title.
  while (words.length > (quoted === undefined ? 1 : 0) && takeLast(words, fields, thisYear)) continue;
  const title = [quoted, ...words].filter((part) => part !== undefined).join(' ');
  const item: NewItem = { media_type: 'movie', ...fields, title };
  const wrong = problem ?? problemOf(title);
  return wrong === undefined ? { item } : { item, problem: wrong };
}

/** The lines of a pasted list, without bullets and empty ones. */
export function linesOf(text: string): string[] {
  return text
    .split(/\r?\n|\r/)
    .map((line) => line.replace(/^\s*(?:[-*•]|\d{1,3}[.)])\s+/, '').trim())
    .filter(Boolean);
}

function takeQuoted(line: string): { quoted?: string; rest: string } {
  const found = /^["“„](.+?)["”](?=\s|$)(.*)$/.exec(line);
  return found ? { quoted: found[1]?.trim() ?? '', rest: found[2] ?? '' } : { rest: line };
}

/** Takes `!status`, `!show` and `*8.5` out, wherever they stand. @returns what is wrong with one of them */
function takeMarks(words: string[], fields: Fields): string | undefined {
  let problem: string | undefined;
  for (const word of words.filter((each) => /^[!*★]./.test(each))) {
    const [mark, value] = [word.charAt(0), word.slice(1).toLowerCase()];
    if (mark === '!') {
      const status = STATUSES.get(value);
      const type = TYPES.get(value);
      if (status) fields.status = status;
      else if (type) fields.media_type = type;
      else problem = `“${word}” is none of ${[...new Set(STATUSES.values())].map((each) => `!${each}`).join(', ')}`;
    } else {
      const rating = Number(value.replace(',', '.'));
      // Some titles begin with a star.
      if (Number.isNaN(rating)) continue;
      if (rating < 0.5 || rating > 10 || !Number.isInteger(rating * 2)) problem = 'A rating goes from 0.5 to 10, in halves';
      else fields.rating = rating;
    }
    words.splice(words.indexOf(word), 1);
  }
  return problem;
}

function takeLast(words: string[], fields: Fields, thisYear: number): boolean {
  const word = words.at(-1) ?? '';
  const type = TYPES.get(word);
  const year = /^\(?(\d{4})\)?$/.exec(word)?.[1];
  if (type && fields.media_type === undefined) fields.media_type = type;
  else if (year && fields.year === undefined && Number(year) >= FIRST_YEAR && Number(year) <= thisYear + YEARS_AHEAD)
    fields.year = Number(year);
  else return false;
  words.pop();
  return true;
}

function problemOf(title: string): string | undefined {
  if (title === '') return 'There is no title yet';
  return [...title].length > LONGEST_TITLE ? `A title has at most ${LONGEST_TITLE} characters` : undefined;
}

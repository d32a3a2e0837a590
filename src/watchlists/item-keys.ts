// The folded copies of an item's text: what makes two items the same, what is sorted by, what is searched in.
import { createHash } from 'node:crypto';
import { fold } from '../http/text.js';
import type { MediaType } from './watchlist-item.entity.js';

/** Folding can make text longer; an index entry may not become too large for PostgreSQL. */
const LONGEST_SORT_KEY = 300;

export interface ItemText {
  readonly title: string;
  readonly mediaType: MediaType;
  readonly year: number | null;
  readonly notes: string | null;
}

export interface ItemKeys {
  readonly titleKey: string;
  readonly identityKey: string;
  readonly searchKey: string;
}

export function keysOf({ title, mediaType, year, notes }: ItemText): ItemKeys {
  const folded = fold(title);
  return {
    titleKey: [...folded].slice(0, LONGEST_SORT_KEY).join(''),
    identityKey: createHash('sha256')
      .update(`${mediaType}\0${year ?? ''}\0${folded}`)
      .digest('base64url'),
    searchKey: notes === null ? folded : `${folded}\n${fold(notes)}`,
  };
}

/** The words of a search, each of which an item must hold; one character can fold into several words. */
export function searchWords(q: string): string[] {
  return [...new Set(fold(q).split(' '))].filter(Boolean);
}

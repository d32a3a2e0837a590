// How an item's fields read.
import type { MediaType, Status } from '../api/types.js';

export const STATUS_WORDS: Record<Status, string> = { planned: 'Planned', watching: 'Watching', watched: 'Watched', dropped: 'Dropped' };
export const TYPE_WORDS: Record<MediaType, string> = { movie: 'Movie', show: 'Show' };

const AFTER: Record<Status, Status> = { planned: 'watching', watching: 'watched', watched: 'dropped', dropped: 'planned' };
export const nextStatus = (status: Status): Status => AFTER[status];

const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;
const DAY_S = 24 * HOUR_S;
const YEAR_S = 365 * DAY_S;
const UNITS = [
  [YEAR_S, 'y'],
  [DAY_S, 'd'],
  [HOUR_S, 'h'],
  [MINUTE_S, 'min'],
] as const;

/** `2 d`: short enough for a column. */
export function age(instant: string, now = Date.now()): string {
  const seconds = Math.max(0, (now - Date.parse(instant)) / 1_000);
  const unit = UNITS.find(([size]) => seconds >= size);
  return unit ? `${Math.floor(seconds / unit[0])} ${unit[1]}` : 'now';
}

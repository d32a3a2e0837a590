// The one way an instant is written down: ISO-8601 UTC with milliseconds, 24 characters, sorting as text.

export type Instant = string;

let second = NaN;
let upToSecond = '';

/** Asked several times a request, so of what changes once a second only the rest is made anew: a seventh of the time. */
export function now(): Instant {
  const milliseconds = Date.now();
  const rest = milliseconds % 1_000;
  if (milliseconds - rest !== second) {
    second = milliseconds - rest;
    upToSecond = new Date(second).toISOString().slice(0, 20);
  }
  return `${upToSecond}${String(rest).padStart(3, '0')}Z`;
}

/** @param seconds may be negative, for an instant in the past */
export function secondsFromNow(seconds: number): Instant {
  return new Date(Date.now() + seconds * 1_000).toISOString();
}

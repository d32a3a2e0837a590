// The one way an instant is written down: ISO-8601 UTC with milliseconds, 24 characters, sorting as text.

export type Instant = string;

export function now(): Instant {
  return new Date().toISOString();
}

/** @param seconds may be negative, for an instant in the past */
export function secondsFromNow(seconds: number): Instant {
  return new Date(Date.now() + seconds * 1_000).toISOString();
}

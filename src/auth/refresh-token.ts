// Refresh tokens are not stored anywhere: a token is its session, its number and a signature over both. The session keeps the
// number that is good, so a stolen database holds none, and a token that was used before is told by its number.
import type { SigningKeys } from './signing-keys.js';

export interface RefreshToken {
  readonly sessionId: string;
  readonly count: number;
}

const FORM = /^([0-9a-f-]{36})\.([0-9]{1,9})\.([A-Za-z0-9_-]{43})$/;

export function writeRefreshToken(keys: SigningKeys, { sessionId, count }: RefreshToken): string {
  const payload = `${sessionId}.${count}`;
  return `${payload}.${keys.signRefreshToken(payload).toString('base64url')}`;
}

/** @returns nothing when it is not one of ours */
export function readRefreshToken(keys: SigningKeys, token: string): RefreshToken | undefined {
  const [, sessionId, count, signature] = FORM.exec(token) ?? [];
  if (sessionId === undefined || count === undefined || signature === undefined) return undefined;
  const genuine = keys.verifyRefreshToken(`${sessionId}.${count}`, Buffer.from(signature, 'base64url'));
  return genuine ? { sessionId, count: Number(count) } : undefined;
}

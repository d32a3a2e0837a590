// What a bearer token was found to be. Only who it belongs to is kept of it; whether it is still good is asked anew on each request.
import { hash } from 'node:crypto';
import type { Identity } from '../http/access.js';

export interface Credential {
  readonly kind: 'session' | 'token';
  /** Of the session, or of the personal access token. */
  readonly id: string;
  readonly userId: string;
}

/** Whoever stands behind a credential, as the database tells it now. */
export interface LiveIdentity {
  readonly identity: Identity;
  /** When the credential ends by itself, in milliseconds since 1970; `null`: never. */
  readonly until: number | null;
}

/** What is stored or remembered in place of a bearer token. It has the randomness of a key, so it needs no salt and no work factor. */
export function hashOf(bearer: string): string {
  return hash('sha256', bearer, 'base64url');
}

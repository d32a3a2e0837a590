// Bearer tokens that were verified before: the signature of an access token, or the row of a personal access token, is looked at
// once, not on every request. None is kept itself, only its hash.
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { type Credential, hashOf } from './credential.js';

const MOST = 10_000;

export interface Verified {
  readonly credential: Credential;
  /** In milliseconds since 1970: from then on it is verified anew. */
  readonly expiresAt: number;
}

@Injectable()
export class VerifiedTokens {
  private readonly tokens = new LRUCache<string, Verified>({ max: MOST });

  /** @returns nothing for a token that would have to be verified */
  recall(bearer: string): Credential | undefined {
    return this.knownBy(hashOf(bearer));
  }

  /** @param verify called for a token that is new here; what it finds bad is not kept */
  async find(bearer: string, verify: () => Promise<Verified | undefined>): Promise<Credential | undefined> {
    const key = hashOf(bearer);
    const known = this.knownBy(key);
    if (known) return known;
    const verified = await verify();
    if (verified) this.tokens.set(key, verified);
    return verified?.credential;
  }

  private knownBy(key: string): Credential | undefined {
    const known = this.tokens.get(key);
    return known && known.expiresAt > Date.now() ? known.credential : undefined;
  }
}

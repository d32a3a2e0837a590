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

  /** @param verify called for a token that is new here; what it finds bad is not kept */
  async find(bearer: string, verify: () => Promise<Verified | undefined>): Promise<Credential | undefined> {
    const key = hashOf(bearer);
    const known = this.tokens.get(key);
    if (known && known.expiresAt > Date.now()) return known.credential;
    const verified = await verify();
    if (verified) this.tokens.set(key, verified);
    return verified?.credential;
  }
}

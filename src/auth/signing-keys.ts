// The keys everything is signed with, derived once from the secrets. Key objects, not strings: verifying is many times faster.
// After a rotation the previous secret's keys still verify, so that nobody is logged out by it.
import { createHmac, createSecretKey, hkdfSync, type KeyObject, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';

interface KeysOfSecret {
  /** Names the keys in the header of a token; tells nothing of the secret. */
  readonly id: string;
  readonly accessToken: KeyObject;
  readonly refreshToken: KeyObject;
}

@Injectable()
export class SigningKeys {
  /** What everything new is signed with. */
  readonly current: KeysOfSecret;
  private readonly accepted: readonly KeysOfSecret[];

  constructor({ jwtSecret, jwtSecretPrevious }: Config) {
    this.current = derive(jwtSecret);
    this.accepted = jwtSecretPrevious === undefined ? [this.current] : [this.current, derive(jwtSecretPrevious)];
  }

  /** @param id as the token's header names it; a token that names none is taken for a new one */
  findAccessTokenKey(id: unknown): KeyObject | undefined {
    if (id === undefined) return this.current.accessToken;
    return this.accepted.find((keys) => keys.id === id)?.accessToken;
  }

  signRefreshToken(payload: string): Buffer {
    return sign(this.current, payload);
  }

  verifyRefreshToken(payload: string, signature: Buffer): boolean {
    return this.accepted.some((keys) => timingSafeEqual(sign(keys, payload), signature));
  }
}

function derive(secret: string): KeysOfSecret {
  return {
    id: Buffer.from(hkdfSync('sha256', secret, '', 'key id', 9)).toString('base64url'),
    accessToken: createSecretKey(Buffer.from(secret)),
    refreshToken: createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', 'refresh token', 32))),
  };
}

function sign({ refreshToken }: KeysOfSecret, payload: string): Buffer {
  return createHmac('sha256', refreshToken).update(payload).digest();
}

// The keys everything is signed with, derived once from the secret. Key objects, not strings: verifying is many times faster.
import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';

@Injectable()
export class SigningKeys {
  readonly accessToken: KeyObject;
  private readonly refreshToken: KeyObject;

  constructor(config: Config) {
    this.accessToken = createSecretKey(Buffer.from(config.jwtSecret));
    this.refreshToken = createSecretKey(Buffer.from(hkdfSync('sha256', config.jwtSecret, '', 'refresh token', 32)));
  }

  signRefreshToken(payload: string): Buffer {
    return createHmac('sha256', this.refreshToken).update(payload).digest();
  }
}

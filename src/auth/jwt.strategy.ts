// Reads and verifies the bearer token, then asks who stands behind it now.
import type { KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import type { Actor } from '../http/access.js';
import { TOKEN_AUDIENCE, TOKEN_ISSUER } from './access-token.js';
import { type AccessClaims, SessionsService } from './sessions.service.js';
import { SigningKeys } from './signing-keys.js';

@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy, 'jwt') {
  constructor(
    keys: SigningKeys,
    private readonly sessions: SessionsService,
  ) {
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      // The types know only text and bytes; the library underneath takes a key object, and is many times faster with it.
      secretOrKey: keys.accessToken as KeyObject & Buffer,
      algorithms: ['HS256'],
      issuer: TOKEN_ISSUER,
      audience: TOKEN_AUDIENCE,
    });
  }

  async validate(claims: AccessClaims & { exp?: number }): Promise<Actor | false> {
    if (claims.exp === undefined || typeof claims.sub !== 'string' || typeof claims.sid !== 'string') return false;
    return (await this.sessions.findActor(claims)) ?? false;
  }
}

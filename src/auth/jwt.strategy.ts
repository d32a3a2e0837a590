// Reads and verifies the access token of a login. It does not say whether the session is still alive: that is asked on each request.
import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { isId } from '../http/id.pipe.js';
import { TOKEN_AUDIENCE, TOKEN_ISSUER } from './access-token.js';
import type { AccessClaims } from './sessions.service.js';
import { SigningKeys } from './signing-keys.js';

export type VerifiedClaims = AccessClaims & {
  /** Seconds since 1970. */
  readonly exp: number;
};

@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy, 'jwt') {
  constructor(keys: SigningKeys) {
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      secretOrKeyProvider: (_request, token: string, done) => {
        const key = keys.findAccessTokenKey(keyIdOf(token));
        // The types know only text and bytes; the library underneath takes a key object, and is many times faster with it.
        done(key ? null : new Error('The token was signed with no key of ours'), key as (typeof key & Buffer) | undefined);
      },
      algorithms: ['HS256'],
      issuer: TOKEN_ISSUER,
      audience: TOKEN_AUDIENCE,
    });
  }

  validate(claims: AccessClaims & { exp?: number }): VerifiedClaims | false {
    const { sub, sid, exp } = claims;
    return isId(sub) && isId(sid) && typeof exp === 'number' && { sub, sid, exp };
  }
}

/** @returns the header's `kid`, or `null` when there is no header to read */
function keyIdOf(token: string): unknown {
  try {
    const header = JSON.parse(Buffer.from(token.split('.', 1)[0] ?? '', 'base64url').toString()) as { kid?: unknown } | null;
    return header?.kid;
  } catch {
    return null;
  }
}

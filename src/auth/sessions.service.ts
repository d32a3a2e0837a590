// Sessions: what a login opens, and who stands behind a token at this moment.
import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { v7 as uuidv7 } from 'uuid';
import { UserCache } from '../cache/user-cache.js';
import { Config } from '../config/config.js';
import { now, secondsFromNow } from '../database/clock.js';
import { ExternalWrites } from '../database/external-writes.js';
import type { Tx } from '../database/tx.js';
import type { Actor } from '../http/access.js';
import { requestContext } from '../http/request-context.js';
import { writeRefreshToken } from './refresh-token.js';
import type { Session } from './session.entity.js';
import { SessionsRepository } from './sessions.repository.js';
import { SigningKeys } from './signing-keys.js';

/** What an access token says. Its role, and whether it is still good, are asked anew on each request. */
export interface AccessClaims {
  readonly sub: string;
  readonly sid: string;
}

export interface IssuedTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

@Injectable()
export class SessionsService {
  constructor(
    private readonly sessions: SessionsRepository,
    private readonly cache: UserCache,
    private readonly externalWrites: ExternalWrites,
    private readonly jwt: JwtService,
    private readonly keys: SigningKeys,
    private readonly config: Config,
  ) {}

  async open(tx: Tx, userId: string): Promise<Session> {
    const request = requestContext.getStore();
    const at = now();
    const session: Session = {
      id: uuidv7(),
      userId,
      createdAt: at,
      lastUsedAt: at,
      expiresAt: secondsFromNow(this.config.refreshTokenTtl),
      endedAt: null,
      refreshCount: 0,
      ip: request?.ip ?? null,
      userAgent: request?.userAgent ?? null,
    };
    await this.sessions.insert(tx, session);
    return session;
  }

  issueTokens(session: Session): IssuedTokens {
    const claims: AccessClaims = { sub: session.userId, sid: session.id };
    return {
      accessToken: this.jwt.sign(claims),
      refreshToken: writeRefreshToken(this.keys, { sessionId: session.id, count: session.refreshCount }),
    };
  }

  /** @returns nothing when the session has ended or the account is disabled or gone */
  async findActor({ sub, sid }: AccessClaims): Promise<Actor | undefined> {
    if (this.externalWrites.happened()) this.cache.forgetLocal();
    const found = await this.cache.find(sub, `actor ${sid}`);
    if (found.state === 'HIT') return JSON.parse(found.value) as Actor;
    const actor = await this.sessions.findActor(sid, sub);
    if (actor) await found.fill(JSON.stringify(actor));
    return actor;
  }
}

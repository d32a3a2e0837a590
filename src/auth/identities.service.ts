// Who stands behind a credential at this moment. Asked before every request, so it is cached, and dropped by every write of the user.
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { UserCache } from '../cache/user-cache.js';
import { ExternalWrites } from '../database/external-writes.js';
import type { Identity } from '../http/access.js';
import { bearerOf } from './bearer.js';
import type { Credential, LiveIdentity } from './credential.js';
import { SessionsRepository } from './sessions.repository.js';
import { TokenUsage } from './token-usage.js';
import { TokensRepository } from './tokens.repository.js';
import { VerifiedTokens } from './verified-tokens.js';

const MOST_REMEMBERED = 10_000;

@Injectable()
export class IdentitiesService {
  private readonly lastRead = new LRUCache<string, { readonly stored: string; readonly live: LiveIdentity }>({ max: MOST_REMEMBERED });

  constructor(
    private readonly sessions: SessionsRepository,
    private readonly tokens: TokensRepository,
    private readonly usage: TokenUsage,
    private readonly verified: VerifiedTokens,
    private readonly cache: UserCache,
    private readonly externalWrites: ExternalWrites,
  ) {}

  /** Who makes a request, as far as that takes no verifying: a token that is new to this process is for the guard. */
  async recognise(request: FastifyRequest): Promise<Identity | undefined> {
    const bearer = bearerOf(request);
    return bearer === undefined ? undefined : this.find(this.verified.recall(bearer));
  }

  /** @returns nothing when the session or the token has ended, or the account is disabled or gone */
  async find(credential: Credential | undefined): Promise<Identity | undefined> {
    const identity = credential && (await this.findAny(credential));
    if (identity && credential.kind === 'token') this.usage.note(credential.id);
    return identity;
  }

  private async findAny(credential: Credential): Promise<Identity | undefined> {
    if (this.externalWrites.happened()) this.cache.forgetLocal();
    const found = await this.cache.find(credential.userId, 'identity', credential.id);
    if (found.state === 'HIT') {
      const { identity, until } = this.read(credential.id, found.value);
      // It may have ended by itself since it was stored, or have been prolonged by a refresh.
      return until === null || until > Date.now() ? identity : (await this.ask(credential))?.identity;
    }
    const live = await this.ask(credential);
    if (live) await found.fill(JSON.stringify(live));
    return live?.identity;
  }

  /** What is stored is mostly what was stored when they came last. */
  private read(credentialId: string, stored: string): LiveIdentity {
    const last = this.lastRead.get(credentialId);
    if (last?.stored === stored) return last.live;
    const live = JSON.parse(stored) as LiveIdentity;
    this.lastRead.set(credentialId, { stored, live });
    return live;
  }

  private ask({ kind, id, userId }: Credential): Promise<LiveIdentity | undefined> {
    return kind === 'session' ? this.sessions.findIdentity(id, userId) : this.tokens.findIdentity(id, userId);
  }
}

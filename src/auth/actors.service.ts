// Who stands behind a credential at this moment. Asked before every request, so it is cached, and dropped by every write of the user.
import { Injectable } from '@nestjs/common';
import { UserCache } from '../cache/user-cache.js';
import { now } from '../database/clock.js';
import { ExternalWrites } from '../database/external-writes.js';
import type { Actor } from '../http/access.js';
import type { Credential, LiveActor } from './credential.js';
import { SessionsRepository } from './sessions.repository.js';
import { TokenUsage } from './token-usage.js';
import { TokensRepository } from './tokens.repository.js';

@Injectable()
export class ActorsService {
  constructor(
    private readonly sessions: SessionsRepository,
    private readonly tokens: TokensRepository,
    private readonly usage: TokenUsage,
    private readonly cache: UserCache,
    private readonly externalWrites: ExternalWrites,
  ) {}

  /** @returns nothing when the session or the token has ended, or the account is disabled or gone */
  async find(credential: Credential | undefined): Promise<Actor | undefined> {
    const actor = credential && (await this.findAny(credential));
    if (actor && credential.kind === 'token') this.usage.note(credential.id);
    return actor;
  }

  private async findAny(credential: Credential): Promise<Actor | undefined> {
    if (this.externalWrites.happened()) this.cache.forgetLocal();
    const found = await this.cache.find(credential.userId, `actor ${credential.id}`);
    if (found.state === 'HIT') {
      const { actor, until } = JSON.parse(found.value) as LiveActor;
      // It may have ended by itself since it was stored, or have been prolonged by a refresh.
      return until === null || until > now() ? actor : (await this.read(credential))?.actor;
    }
    const live = await this.read(credential);
    if (live) await found.fill(JSON.stringify(live));
    return live?.actor;
  }

  private read({ kind, id, userId }: Credential): Promise<LiveActor | undefined> {
    return kind === 'session' ? this.sessions.findActor(id, userId) : this.tokens.findActor(id, userId);
  }
}

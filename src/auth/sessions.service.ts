// Sessions: what a login opens, a refresh prolongs and a logout ends.
import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { type AuditAction, AuditService } from '../audit/audit.service.js';
import { UserCache } from '../cache/user-cache.js';
import { Config } from '../config/config.js';
import { now, secondsFromNow } from '../database/clock.js';
import { newId } from '../database/id.js';
import type { Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { type Actor, sessionOf } from '../http/access.js';
import { ApiError } from '../http/api-error.js';
import { Cursors } from '../http/cursor.js';
import type { Origin } from '../http/origin.js';
import { type CursorQuery, cutPage } from '../http/paging.js';
import type { Credential } from './credential.js';
import { SessionDto, type SessionPage } from './dto/session.dto.js';
import { readRefreshToken, writeRefreshToken } from './refresh-token.js';
import type { Session } from './session.entity.js';
import { type LivingSession, SessionsRepository } from './sessions.repository.js';
import { SigningKeys } from './signing-keys.js';

/** How long after a refresh its token is answered once more, with the same successor: a lost response must log nobody out. */
const REPEAT_MS = 10_000;

/** What a takeout is made of. */
export { SessionDto };

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
    private readonly unitOfWork: UnitOfWork,
    private readonly audit: AuditService,
    private readonly cache: UserCache,
    private readonly cursors: Cursors,
    private readonly jwt: JwtService,
    private readonly keys: SigningKeys,
    private readonly config: Config,
  ) {}

  async open(tx: Tx, userId: string, origin: Origin): Promise<Session> {
    const at = now();
    const session: Session = {
      id: newId(),
      userId,
      createdAt: at,
      lastUsedAt: at,
      expiresAt: secondsFromNow(this.config.refreshTokenTtl),
      endedAt: null,
      refreshCount: 0,
      ip: origin.ip,
      userAgent: origin.userAgent,
    };
    await this.sessions.removeOver(tx, userId);
    await this.sessions.insert(tx, session);
    await this.audit.record(tx, { action: 'user.logged_in', by: { id: userId, origin }, targetType: 'session', targetId: session.id });
    return session;
  }

  issueTokens(session: LivingSession): IssuedTokens {
    const claims: AccessClaims = { sub: session.userId, sid: session.id };
    return {
      accessToken: this.jwt.sign(claims),
      refreshToken: writeRefreshToken(this.keys, { sessionId: session.id, count: session.refreshCount }),
    };
  }

  /**
   * Takes a refresh token for its successor. One that was used before ends the session, for then somebody else may hold it.
   * @throws ApiError `invalid_refresh_token`
   */
  async refresh(refreshToken: string, origin: Origin): Promise<LivingSession> {
    const token = readRefreshToken(this.keys, refreshToken);
    const session = token && (await this.unitOfWork.write((tx) => this.rotate(tx, token.sessionId, token.count, origin)));
    if (!session) throw new ApiError('invalid_refresh_token');
    return session;
  }

  /** Whose session a refresh token belongs to; it need not be the good one. */
  async identify(refreshToken: string): Promise<Credential | undefined> {
    const token = readRefreshToken(this.keys, refreshToken);
    if (!token) return undefined;
    const userId = await this.sessions.findOwner(token.sessionId);
    return userId === undefined ? undefined : { kind: 'session', id: token.sessionId, userId };
  }

  /** The actor's own living sessions, newest first. @throws ApiError `validation_failed` for a cursor of another query */
  async list(actor: Actor, { limit, cursor }: CursorQuery): Promise<SessionPage> {
    const query = `sessions ${actor.id}`;
    const after = cursor === undefined ? undefined : this.cursors.decode(cursor, query);
    const { page, last } = cutPage(await this.sessions.listPage(actor.id, after?.id, limit + 1), limit);
    const offset = (after?.offset ?? 0) + page.length;
    return {
      items: page.map((row) => SessionDto.from(row, actor.sessionId)),
      next_cursor: last ? this.cursors.encode({ key: null, id: last.id, offset }, query) : null,
    };
  }

  /** @throws ApiError `not_found` when the actor has no such living session */
  async revoke(actor: Actor, id: string): Promise<void> {
    if (!(await this.end(actor, id, 'session.revoked'))) throw new ApiError('not_found');
  }

  /** Does nothing when the session was ended this very moment. */
  async logOut(actor: Actor): Promise<void> {
    await this.end(actor, sessionOf(actor), 'user.logged_out');
  }

  async endOthers(tx: Tx, actor: Actor): Promise<void> {
    await this.sessions.endAllBut(tx, sessionOf(actor), actor.id);
    tx.afterCommit(() => this.cache.invalidate(actor.id, 'identity'));
  }

  private end(actor: Actor, id: string, action: 'session.revoked' | 'user.logged_out'): Promise<boolean> {
    return this.unitOfWork.write(async (tx) => {
      const ended = await this.sessions.end(tx, id, actor.id);
      if (ended) await this.recordEnd(tx, id, actor, action);
      return ended;
    });
  }

  private async recordEnd(tx: Tx, id: string, by: Pick<Actor, 'id' | 'origin'>, action: AuditAction): Promise<void> {
    await this.audit.record(tx, { action, by, targetType: 'session', targetId: id });
    tx.afterCommit(() => this.cache.invalidate(by.id, 'identity'));
  }

  /** @returns the session to issue tokens for; nothing when the token is not good */
  private async rotate(tx: Tx, id: string, count: number, origin: Origin): Promise<LivingSession | undefined> {
    const advanced = await this.sessions.advance(tx, id, count, origin);
    const session = await this.sessions.findLiving(tx, id);
    if (!session || count > session.refreshCount) return undefined;
    if (advanced || isRepeated(session, count)) return session;
    await this.sessions.end(tx, id, session.userId);
    await this.recordEnd(tx, id, { id: session.userId, origin }, 'session.reuse_detected');
    return undefined;
  }
}

/** The token before the good one, used again right after its use, while the good one is unused. */
function isRepeated(session: LivingSession, count: number): boolean {
  return count === session.refreshCount - 1 && Date.now() - Date.parse(session.lastUsedAt) <= REPEAT_MS;
}

// Personal access tokens: keys to the API for scripts, with a scope and, if wanted, an end.
import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type AuditAction, AuditService, type Changes, changesBetween } from '../audit/audit.service.js';
import { UserCache } from '../cache/user-cache.js';
import { now } from '../database/clock.js';
import { newId } from '../database/id.js';
import type { Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import type { Actor } from '../http/access.js';
import { ApiError } from '../http/api-error.js';
import { Cursors } from '../http/cursor.js';
import { type CursorQuery, cutPage } from '../http/paging.js';
import { hashOf } from './credential.js';
import type { CreateTokenDto } from './dto/create-token.dto.js';
import { CreatedTokenDto, TokenDto, type TokenPage } from './dto/token.dto.js';
import type { PersonalAccessToken } from './personal-access-token.entity.js';
import { TokensRepository } from './tokens.repository.js';
import type { Verified } from './verified-tokens.js';

/** Says what it is, so that scanners for leaked secrets find it. */
const MARK = 'wl_';
const PREFIX_LENGTH = MARK.length + 8;
/** Six bytes that are shown in lists, 32 that nobody sees again. */
const RANDOM_BYTES = 6 + 32;
const FORM = /^wl_[A-Za-z0-9_-]{51}$/;

/** What a takeout is made of. */
export { TokenDto };

@Injectable()
export class TokensService {
  constructor(
    private readonly tokens: TokensRepository,
    private readonly unitOfWork: UnitOfWork,
    private readonly audit: AuditService,
    private readonly cache: UserCache,
    private readonly cursors: Cursors,
  ) {}

  /** The answer holds the token itself; it is never shown again. @throws ApiError `validation_failed` for an end that is past */
  async create(actor: Actor, { name, scopes, expires_at = null }: CreateTokenDto): Promise<CreatedTokenDto> {
    if (expires_at !== null && expires_at <= now()) throw ApiError.field('expires_at', 'must be in the future');
    const secret = MARK + randomBytes(RANDOM_BYTES).toString('base64url');
    const token: PersonalAccessToken = {
      id: newId(),
      userId: actor.id,
      name,
      prefix: secret.slice(0, PREFIX_LENGTH),
      tokenHash: hashOf(secret),
      scopes: scopes.toSorted().join(','),
      createdAt: now(),
      expiresAt: expires_at,
      lastUsedAt: null,
    };
    await this.unitOfWork.write(async (tx) => {
      await this.tokens.insert(tx, token);
      await this.record(tx, actor, 'token.created', token, changesBetween(undefined, { name, scopes, expires_at }));
    });
    return { ...TokenDto.from(token), token: secret };
  }

  /** The actor's own tokens, expired ones too, newest first. @throws ApiError `validation_failed` for a cursor of another query */
  async list(actor: Actor, { limit, cursor }: CursorQuery): Promise<TokenPage> {
    const query = `tokens ${actor.id}`;
    const after = cursor === undefined ? undefined : this.cursors.decode(cursor, query);
    const { page, last } = cutPage(await this.tokens.listPage(actor.id, after?.id, limit + 1), limit);
    const offset = (after?.offset ?? 0) + page.length;
    return {
      items: page.map(TokenDto.from),
      next_cursor: last ? this.cursors.encode({ key: null, id: last.id, offset }, query) : null,
    };
  }

  /** It is refused from the next request on. @throws ApiError `not_found` when the actor has no such token */
  async revoke(actor: Actor, id: string): Promise<void> {
    await this.unitOfWork.write(async (tx) => {
      const token = await this.tokens.findOwnedInTx(tx, actor.id, id);
      if (!token || !(await this.tokens.delete(tx, id))) throw new ApiError('not_found');
      await this.record(tx, actor, 'token.revoked', token, { name: [token.name, null] });
      tx.afterCommit(() => this.cache.invalidate(actor.id, 'identity'));
    });
  }

  isToken(bearer: string): boolean {
    return bearer.startsWith(MARK);
  }

  /** @returns nothing when there is no such token; whether it is still good, `IdentitiesService` tells */
  async identify(bearer: string): Promise<Verified | undefined> {
    if (!FORM.test(bearer)) return undefined;
    const found = await this.tokens.findByHash(hashOf(bearer));
    return found && { credential: { kind: 'token', id: found.id, userId: found.user_id }, expiresAt: Number.POSITIVE_INFINITY };
  }

  private record(tx: Tx, actor: Actor, action: AuditAction, { id }: PersonalAccessToken, changes: Changes): Promise<void> {
    return this.audit.record(tx, { action, by: actor, targetType: 'token', targetId: id, changes });
  }
}

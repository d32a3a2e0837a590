// The first global guard: without `@Public()` a route needs the access token of a login or a personal access token. Default deny.
import { type ExecutionContext, Injectable } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { markOf, PUBLIC } from '../http/access.js';
import { ApiError } from '../http/api-error.js';
import { RateLimits } from '../http/rate-limits.js';
import { bearerOf } from './bearer.js';
import type { Credential } from './credential.js';
import { IdentitiesService } from './identities.service.js';
import type { VerifiedClaims } from './jwt.strategy.js';
import { OR_REFRESH_COOKIE, RefreshCookie } from './refresh-cookie.js';
import { TokensService } from './tokens.service.js';
import { type Verified, VerifiedTokens } from './verified-tokens.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Left by passport for the guard. */
    claims?: VerifiedClaims | undefined;
  }
}

@Injectable()
export class JwtAuthGuard extends AuthGuard('jwt') {
  constructor(
    private readonly verified: VerifiedTokens,
    private readonly tokens: TokensService,
    private readonly cookie: RefreshCookie,
    private readonly identities: IdentitiesService,
    private readonly limits: RateLimits,
  ) {
    super({ property: 'claims' });
  }

  /** At once where there is nothing to ask: a promise takes longer than the answer to `/health`. */
  override canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    if (this.isMarked(PUBLIC, context)) return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    return request.identity !== undefined || this.authenticate(request, context);
  }

  private async authenticate(request: FastifyRequest, context: ExecutionContext): Promise<boolean> {
    const identity =
      (await this.identities.find(await this.identifyByBearer(request, context))) ??
      (this.isMarked(OR_REFRESH_COOKIE, context) ? await this.identities.find(await this.cookie.identify(request)) : undefined);
    if (!identity) return this.refuse(request, context);
    request.identity = identity;
    return true;
  }

  /** Called by passport. @param error what went wrong while verifying, which is no reason to call a token invalid */
  override handleRequest<T = VerifiedClaims | undefined>(error: unknown, claims: T | false): T {
    if (error) throw error;
    return (claims || undefined) as T;
  }

  private async identifyByBearer(request: FastifyRequest, context: ExecutionContext): Promise<Credential | undefined> {
    const bearer = bearerOf(request);
    if (bearer === undefined) return undefined;
    return this.verified.find(bearer, () =>
      this.tokens.isToken(bearer) ? this.tokens.identify(bearer) : this.verifyJwt(request, context),
    );
  }

  private async verifyJwt(request: FastifyRequest, context: ExecutionContext): Promise<Verified | undefined> {
    await super.canActivate(context);
    if (!request.claims) return undefined;
    const { sub, sid, exp } = request.claims;
    return { credential: { kind: 'session', id: sid, userId: sub }, expiresAt: exp * 1_000 };
  }

  /** Whoever fails to authenticate is counted by address, so that trying tokens has an end too. */
  private async refuse(request: FastifyRequest, context: ExecutionContext): Promise<never> {
    const fields = await this.limits.countAddress(request.ip);
    context.switchToHttp().getResponse<FastifyReply>().headers(fields);
    throw new ApiError('not_authenticated');
  }

  private isMarked(mark: string, context: ExecutionContext): boolean {
    return markOf(mark, context) === true;
  }
}

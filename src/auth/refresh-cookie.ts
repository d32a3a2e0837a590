// The refresh token as a cookie for the dashboard, out of reach of its scripts. It goes to `/v1/auth` alone, so its name cannot
// have the `__Host-` prefix, which asks for the whole site. A browser sends it by itself, so whoever reads it must be sure that
// the page that caused the request is our own.
import { type CustomDecorator, Injectable, SetMetadata } from '@nestjs/common';
import { parseCookie, stringifySetCookie } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Config } from '../config/config.js';
import { ApiError } from '../http/api-error.js';
import type { Credential } from './credential.js';
import { SessionsService } from './sessions.service.js';

const NAME = 'watchlist_refresh';
const PATH = '/v1/auth';

export const OR_REFRESH_COOKIE = 'access:or-refresh-cookie';

/** The cookie may stand in for an access token that is missing or over. */
export const OrRefreshCookie = (): CustomDecorator => SetMetadata(OR_REFRESH_COOKIE, true);

@Injectable()
export class RefreshCookie {
  constructor(
    private readonly sessions: SessionsService,
    private readonly config: Config,
  ) {}

  set(request: FastifyRequest, reply: FastifyReply, refreshToken: string): void {
    this.send(request, reply, refreshToken, this.config.sessionIdleTtl);
  }

  clear(request: FastifyRequest, reply: FastifyReply): void {
    this.send(request, reply, '', 0);
  }

  /** @throws ApiError `forbidden` when there is a cookie, but another site's page caused the request */
  read(request: FastifyRequest): string | undefined {
    const token = parseCookie(request.headers.cookie ?? '')[nameOn(request)];
    if (token && !isSameOrigin(request)) throw new ApiError('forbidden', { details: { required: 'same-origin' } });
    return token || undefined;
  }

  /** Whose session the cookie belongs to. @throws ApiError `forbidden` as `read` does */
  async identify(request: FastifyRequest): Promise<Credential | undefined> {
    const token = this.read(request);
    return token === undefined ? undefined : this.sessions.identify(token);
  }

  private send(request: FastifyRequest, reply: FastifyReply, value: string, maxAge: number): void {
    const secure = isSecure(request);
    reply.header(
      'Set-Cookie',
      stringifySetCookie({ name: nameOn(request), value, path: PATH, maxAge, httpOnly: true, sameSite: 'strict', secure }),
    );
  }
}

/** On TLS the prefix makes browsers refuse a cookie of this name that was set without it. */
function nameOn(request: FastifyRequest): string {
  return isSecure(request) ? `__Secure-${NAME}` : NAME;
}

/** The service itself speaks no TLS: a trusted proxy tells. */
function isSecure({ protocol }: FastifyRequest): boolean {
  return protocol === 'https';
}

/** Browsers send `Sec-Fetch-Site` where they trust the connection and `Origin` with every POST; what sends neither is no browser. */
function isSameOrigin({ headers, protocol, host }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  return headers.origin === undefined || headers.origin === `${protocol}://${host}`;
}

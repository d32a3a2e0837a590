// Who may do what, said at the route: the metadata the guards in `auth/` read, and the type of whoever passed them.
import { createParamDecorator, type CustomDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type Origin, originOf } from './origin.js';

export const ROLES = ['user', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** What a personal access token may be good for; `write` includes `read`. */
export const SCOPES = ['read', 'write'] as const;
export type Scope = (typeof SCOPES)[number];

/** Whose request it is, read anew for each one: never from the token. */
export interface Identity {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly createdAt: string;
  /** Absent when the request came with a personal access token. */
  readonly sessionId?: string;
  /** What the personal access token is good for; absent for a session, which is good for everything. */
  readonly scopes?: readonly Scope[];
}

/** Whoever does something, and by which request. */
export interface Actor extends Identity {
  readonly origin: Origin;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the guards on every route that is not public. */
    identity?: Identity;
    /** The code of the error the request was answered with, for the access log. */
    errorCode?: string;
  }
}

export const PUBLIC = 'access:public';
export const REQUIRED_ROLES = 'access:roles';
export const SESSION_ONLY = 'access:session-only';
export const UNLIMITED = 'access:unlimited';

/** Opens a route to everybody. Everything else needs a bearer token. */
export const Public = (): CustomDecorator => SetMetadata(PUBLIC, true);

/** Whoever has one of the roles may pass. */
export const Roles = (...roles: Role[]): CustomDecorator => SetMetadata(REQUIRED_ROLES, roles);

/** Only somebody who logged in may pass: no personal access token, whatever its scopes. */
export const SessionOnly = (): CustomDecorator => SetMetadata(SESSION_ONLY, true);

/** Requests to the route are not counted. */
export const Unlimited = (): CustomDecorator => SetMetadata(UNLIMITED, true);

const marks = new WeakMap<object, Map<string, unknown>>();

/** What a decorator above said at the handler, or else at its class: looked up in the metadata once, not on every request. */
export function markOf(mark: string, context: ExecutionContext): unknown {
  const handler = context.getHandler();
  let known = marks.get(handler);
  if (!known) marks.set(handler, (known = new Map()));
  if (!known.has(mark)) known.set(mark, Reflect.getMetadata(mark, handler) ?? Reflect.getMetadata(mark, context.getClass()));
  return known.get(mark);
}

export function identityOf(request: FastifyRequest): Identity {
  if (!request.identity) throw new Error('Nobody is known on a public route');
  return request.identity;
}

/** The actor's session, on a route for sessions only. */
export function sessionOf({ sessionId }: Actor): string {
  if (sessionId === undefined) throw new Error('There is no session on a route that is open to tokens');
  return sessionId;
}

/** The authenticated actor as a handler's argument. */
export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext): Actor => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  return { ...identityOf(request), origin: originOf(request) };
});

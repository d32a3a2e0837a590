// Who may do what, said at the route: the metadata the guards in `auth/` read, and the type of whoever passed them.
import { createParamDecorator, type CustomDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

export const ROLES = ['user', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Whoever makes the request, read anew for each one: never from the token. */
export interface Actor {
  readonly id: string;
  readonly role: Role;
  readonly sessionId: string;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the guards on every route that is not public. */
    actor?: Actor;
    /** The code of the error the request was answered with, for the access log. */
    errorCode?: string;
  }
}

export const PUBLIC = 'access:public';
export const REQUIRED_ROLES = 'access:roles';

/** Opens a route to everybody. Everything else needs a bearer token. */
export const Public = (): CustomDecorator => SetMetadata(PUBLIC, true);

/** Whoever has one of the roles may pass. */
export const Roles = (...roles: Role[]): CustomDecorator => SetMetadata(REQUIRED_ROLES, roles);

export function actorOf(request: FastifyRequest): Actor {
  if (!request.actor) throw new Error('There is no actor on a public route');
  return request.actor;
}

/** The authenticated actor as a handler's argument. */
export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext) =>
  actorOf(context.switchToHttp().getRequest<FastifyRequest>()),
);

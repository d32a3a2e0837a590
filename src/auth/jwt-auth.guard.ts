// The first global guard: without `@Public()` a route needs a valid token. Default deny.
import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import { type Actor, PUBLIC } from '../http/access.js';
import { ApiError } from '../http/api-error.js';

@Injectable()
export class JwtAuthGuard extends AuthGuard('jwt') {
  constructor(private readonly reflector: Reflector) {
    super({ property: 'actor' });
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.reflector.getAllAndOverride<boolean>(PUBLIC, [context.getHandler(), context.getClass()])) return true;
    return (await super.canActivate(context)) as boolean;
  }

  /** @param error what the strategy threw: the database may be away, which is no reason to call a token invalid */
  override handleRequest<T = Actor>(error: unknown, actor: T | false): T {
    if (error) throw error;
    if (!actor) throw new ApiError('not_authenticated');
    return actor;
  }
}

// The second global guard: counts the request for its user, or for its address where there is none, before anything is read or done for it.
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { markOf, UNLIMITED } from './access.js';
import { RateLimits } from './rate-limits.js';

@Injectable()
export class RateLimitGuard implements CanActivate {
  constructor(private readonly limits: RateLimits) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    return markOf(UNLIMITED, context) === true || this.count(context);
  }

  private async count(context: ExecutionContext): Promise<boolean> {
    const { identity, ip } = context.switchToHttp().getRequest<FastifyRequest>();
    const fields = await (identity ? this.limits.countUser(identity.id) : this.limits.countAddress(ip));
    context.switchToHttp().getResponse<FastifyReply>().headers(fields);
    return true;
  }
}

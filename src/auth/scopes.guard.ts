// The third global guard: a personal access token may do what its scopes allow, before anything of the body is read.
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { markOf, type Scope, SESSION_ONLY } from '../http/access.js';
import { ApiError } from '../http/api-error.js';

@Injectable()
export class ScopesGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { identity, method } = context.switchToHttp().getRequest<FastifyRequest>();
    if (!identity?.scopes) return true;
    const required = this.isSessionOnly(context) ? 'session' : scopeOf(method);
    if (required !== 'session' && identity.scopes.some((scope) => scope === required || scope === 'write')) return true;
    throw new ApiError('forbidden', { details: { required } });
  }

  private isSessionOnly(context: ExecutionContext): boolean {
    return markOf(SESSION_ONLY, context) === true;
  }
}

function scopeOf(method: string): Scope {
  return method === 'GET' || method === 'HEAD' ? 'read' : 'write';
}

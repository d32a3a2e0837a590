// The fourth global guard: where a route names roles, whoever asks must have one of them.
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { identityOf, markOf, REQUIRED_ROLES, type Role } from '../http/access.js';
import { ApiError } from '../http/api-error.js';

@Injectable()
export class RolesGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const required = markOf(REQUIRED_ROLES, context) as Role[] | undefined;
    if (!required) return true;
    const { role } = identityOf(context.switchToHttp().getRequest<FastifyRequest>());
    if (!required.includes(role)) throw new ApiError('forbidden', { details: { required: required.join(' or ') } });
    return true;
  }
}

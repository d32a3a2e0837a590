// The fourth global guard: where a route names roles, the actor must have one of them.
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { actorOf, REQUIRED_ROLES, type Role } from '../http/access.js';
import { ApiError } from '../http/api-error.js';

@Injectable()
export class RolesGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const required = this.reflector.getAllAndOverride<Role[] | undefined>(REQUIRED_ROLES, [context.getHandler(), context.getClass()]);
    if (!required) return true;
    const actor = actorOf(context.switchToHttp().getRequest<FastifyRequest>());
    if (!required.includes(actor.role)) throw new ApiError('forbidden', { details: { required: required.join(' or ') } });
    return true;
  }
}

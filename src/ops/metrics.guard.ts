// Metrics tell much about a service: they are for its own machine, and elsewhere for whoever has the token.
import { createHash, timingSafeEqual } from 'node:crypto';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Config } from '../config/config.js';
import { ApiError } from '../http/api-error.js';

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;

@Injectable()
export class MetricsGuard implements CanActivate {
  constructor(private readonly config: Config) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (isLocal(request) || this.hasToken(request)) return true;
    throw new ApiError('not_authenticated');
  }

  private hasToken(request: FastifyRequest): boolean {
    const { metricsToken } = this.config;
    return metricsToken !== undefined && timingSafeEqual(digest(request.headers.authorization ?? ''), digest(`Bearer ${metricsToken}`));
  }
}

/** A proxy on this machine speaks for somebody elsewhere. */
function isLocal({ raw, headers }: FastifyRequest): boolean {
  return LOOPBACK.test(raw.socket.remoteAddress ?? '') && headers['x-forwarded-for'] === undefined && headers.forwarded === undefined;
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

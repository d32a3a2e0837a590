// How a route is retired: it tells of it long before, in a way that clients can watch for (RFC 9745 and RFC 8594).
import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  SetMetadata,
  UseInterceptors,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiOperation } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Observable } from 'rxjs';
import { addLink } from './link.js';
import { SendsHeaders } from './openapi.js';

export interface Deprecation {
  /** From when on the route should no longer be used; may be in the future. */
  readonly since: Date;
  /** When it will be gone. */
  readonly sunset?: Date;
  /** Where people read what to use in its place. */
  readonly link?: string;
}

const DEPRECATION = 'http:deprecation';

@Injectable()
export class DeprecationInterceptor implements NestInterceptor {
  constructor(private readonly reflector: Reflector) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const { since, sunset, link } = this.reflector.get<Deprecation>(DEPRECATION, context.getHandler());
    // A date as a structured field is written in seconds (RFC 9651 section 3.3.7).
    reply.header('Deprecation', `@${Math.floor(since.getTime() / 1_000)}`);
    if (sunset) reply.header('Sunset', sunset.toUTCString());
    if (link !== undefined) addLink(reply, `<${link}>; rel="deprecation"; type="text/html"`);
    return next.handle();
  }
}

/** Says so in every answer of the route and in the API document. */
export const Deprecated = (deprecation: Deprecation): MethodDecorator =>
  applyDecorators(
    SetMetadata(DEPRECATION, deprecation),
    UseInterceptors(DeprecationInterceptor),
    ApiOperation({ deprecated: true }),
    SendsHeaders(
      'Deprecation',
      ...(deprecation.sunset ? (['Sunset'] as const) : []),
      ...(deprecation.link === undefined ? [] : (['Link'] as const)),
    ),
  );

// The validator of a thing that has a version (RFC 9110 section 8.8.3), and where a new one is found.
import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  UseInterceptors,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Observable, tap } from 'rxjs';

interface Versioned {
  readonly id: string;
  readonly version: number;
}

@Injectable()
export class EntityTagInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler<Versioned>): Observable<Versioned> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(
      tap(({ id, version }) => {
        reply.header('ETag', `"${version}"`).header('Cache-Control', 'private, no-cache').header('Vary', 'Authorization');
        if (reply.statusCode === 201) reply.header('Location', `${request.url.replace(/[?].*$/, '').replace(/\/+$/, '')}/${id}`);
      }),
    );
  }
}

/** Sends `ETag`, and `Location` with a 201. */
export const WithEntityTag = (): MethodDecorator => applyDecorators(UseInterceptors(EntityTagInterceptor));

// Binds the request to everything the handler does: its log lines and audit entries carry the request id.
// The id itself is minted and sent earlier (fastify.ts), where rejections and malformed requests have it too.
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Observable } from 'rxjs';
import { requestContext } from './request-context.js';

@Injectable()
export class RequestIdInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const bound = { requestId: request.id, ip: request.ip, userAgent: request.headers['user-agent']?.slice(0, 256) };
    return new Observable((subscriber) => requestContext.run(bound, () => next.handle().subscribe(subscriber)));
  }
}

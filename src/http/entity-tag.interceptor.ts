// The validator of a thing that has a version, where a new one is found, and 304 for who has it already.
import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  UseInterceptors,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { entityTag, isUnchanged, type Versioned } from './entity-tag.js';
import { SendsHeaders } from './openapi.js';

interface Entity extends Versioned {
  readonly id: string;
}

@Injectable()
export class EntityTagInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler<Entity>): Observable<Entity | undefined> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(map((entity) => describe(request, reply, entity)));
  }
}

function describe(request: FastifyRequest, reply: FastifyReply, entity: Entity): Entity | undefined {
  const tag = entityTag(entity);
  reply.header('ETag', tag).header('Cache-Control', 'private, no-cache').header('Vary', 'Authorization');
  if (reply.statusCode === 201) reply.header('Location', `${request.url.replace(/[?].*$/, '').replace(/\/+$/, '')}/${entity.id}`);
  if (!isUnchanged(request, tag)) return entity;
  reply.code(304);
  return undefined;
}

/** Sends `ETag`, `Location` with a 201, and 304 for an `If-None-Match` that names the version there is. */
export const WithEntityTag = (): MethodDecorator =>
  applyDecorators(UseInterceptors(EntityTagInterceptor), SendsHeaders('ETag', 'Cache-Control', 'Vary', 'Location'));

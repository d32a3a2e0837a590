// `If-Match`: a write that is done only if the thing is still as the caller knows it (RFC 9110 section 13.1.1).
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ApiError } from './api-error.js';
import { entityTag, parseTags, type Versioned } from './entity-tag.js';

export class Precondition {
  /** Whatever version is there is replaced: the last write wins. */
  static readonly NONE = new Precondition(undefined);

  private constructor(private readonly tags: ReadonlySet<string> | undefined) {}

  /** @throws ApiError `validation_failed` for what is no list of tags: to pass over it would lose somebody's change */
  static fromHeader(header: string | undefined): Precondition {
    if (header === undefined) return Precondition.NONE;
    const tags = parseTags(header);
    if (tags === undefined) throw ApiError.field('If-Match', 'must be * or entity tags such as "3"');
    // That it must exist, every write asks anyway. A weak tag matches nothing.
    return tags === '*' ? Precondition.NONE : new Precondition(new Set(tags.filter(({ weak }) => !weak).map(({ tag }) => tag)));
  }

  static version(version: number | undefined): Precondition {
    return version === undefined ? Precondition.NONE : new Precondition(new Set([entityTag({ version })]));
  }

  allows(thing: Versioned): boolean {
    return this.tags?.has(entityTag(thing)) ?? true;
  }
}

/** The caller's `If-Match` as a handler's argument. */
export const IfMatch = createParamDecorator((_: unknown, context: ExecutionContext) =>
  Precondition.fromHeader(context.switchToHttp().getRequest<FastifyRequest>().headers['if-match']),
);

/** Documents `If-Match` on a route whose handler takes it. */
export const Conditional = (): MethodDecorator =>
  ApiHeader({
    name: 'If-Match',
    required: false,
    description: 'Only if it still has this version: its `ETag`, or several; `*`: whatever version. Without it the last write wins.',
    schema: { type: 'string' },
    example: '"3"',
  });

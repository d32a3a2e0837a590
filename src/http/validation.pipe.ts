// Bodies and queries become checked DTOs here. The body arrives as bytes and is read only now, after the guards,
// so that nobody without a token has anything parsed.
import { type ArgumentMetadata, Injectable, type Type, ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { LRUCache } from 'lru-cache';
import { ApiError, type FieldProblem } from './api-error.js';
import { isLeftOut, parseJsonBody } from './json-body.js';

/** A body of nothing but unknown keys must not be read back in full. */
const MOST_PROBLEMS = 20;
const UNKNOWN = 'is not known';

/** Of all the queries that are remembered for a DTO together. */
const MOST_CHARACTERS = 500_000;

@Injectable()
export class RequestValidationPipe extends ValidationPipe {
  /** By DTO, and by query as it came: clients ask the same few questions, and checking one takes longer than finding it here. */
  private readonly queries = new Map<Type, LRUCache<string, object>>();

  constructor() {
    super({
      transform: true,
      whitelist: true,
      forbidNonWhitelisted: true,
      forbidUnknownValues: true,
      stopAtFirstError: true,
      validationError: { target: false, value: false },
      exceptionFactory: (errors: ValidationError[]) =>
        ApiError.validation(errors.flatMap((error) => problemsOf(error)).slice(0, MOST_PROBLEMS)),
    });
  }

  /** A part of a body that is checked on its own. @throws ApiError `validation_failed` */
  check<T extends object>(value: unknown, type: Type<T>): Promise<T> {
    return super.transform(value, { type: 'body', metatype: type });
  }

  override transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const input = metadata.type === 'body' ? readBody(value, metadata) : value;
    if (typeof input === 'object' && input !== null) refuseBuiltInNames(input);
    return metadata.type === 'query' ? this.checkQuery(input, metadata) : super.transform(input, metadata);
  }

  /** The same frozen DTO for the same query. */
  private async checkQuery(query: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const known = this.queriesOf(metadata.metatype ?? Object);
    const text = JSON.stringify(query);
    const before = known.get(text);
    if (before) return before;
    const checked = Object.freeze(await super.transform(query, metadata)) as object;
    known.set(text, checked);
    return checked;
  }

  private queriesOf(type: Type): LRUCache<string, object> {
    const known =
      this.queries.get(type) ?? new LRUCache<string, object>({ maxSize: MOST_CHARACTERS, sizeCalculation: (_, text) => text.length });
    this.queries.set(type, known);
    return known;
  }
}

function readBody(value: unknown, { metatype }: ArgumentMetadata): object {
  return isLeftOut(value, metatype) ? {} : parseJsonBody(value);
}

/** What every object answers to, the libraries below take for known and pass over in silence. */
function refuseBuiltInNames(input: object): void {
  const names = Object.keys(input).filter((name) => name in Object.prototype || name === 'prototype');
  if (names.length > 0) throw ApiError.validation(names.map((field) => ({ field, message: UNKNOWN })));
}

function problemsOf(error: ValidationError, path = ''): FieldProblem[] {
  const field = `${path}${error.property}`.slice(0, 100);
  const own = Object.entries(error.constraints ?? {}).map(([rule, message]) => ({
    field,
    message: rule === 'whitelistValidation' ? UNKNOWN : message,
  }));
  return [...own, ...(error.children ?? []).flatMap((child) => problemsOf(child, `${field}.`))];
}

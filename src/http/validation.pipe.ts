// Bodies and queries become checked DTOs here. The body arrives as bytes and is read only now, after the guards,
// so that nobody without a token has anything parsed.
import { type ArgumentMetadata, Injectable, ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { ApiError, type FieldProblem } from './api-error.js';
import { isLeftOut, parseJsonBody } from './json-body.js';

/** A body of nothing but unknown keys must not be read back in full. */
const MOST_PROBLEMS = 20;

@Injectable()
export class RequestValidationPipe extends ValidationPipe {
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

  override transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type !== 'body') return super.transform(value, metadata);
    return super.transform(isLeftOut(value, metadata.metatype) ? {} : parseJsonBody(value), metadata);
  }
}

function problemsOf(error: ValidationError, path = ''): FieldProblem[] {
  const field = `${path}${error.property}`.slice(0, 100);
  const own = Object.entries(error.constraints ?? {}).map(([rule, message]) => ({
    field,
    message: rule === 'whitelistValidation' ? 'is not known' : message,
  }));
  return [...own, ...(error.children ?? []).flatMap((child) => problemsOf(child, `${field}.`))];
}

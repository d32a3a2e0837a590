// An id in a path: one that no id can look like is answered as one that is not there.
import { Injectable, type PipeTransform } from '@nestjs/common';
import { ApiError } from './api-error.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether it can be an id at all: PostgreSQL refuses text that no id could be, such as NUL. */
export function isId(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value);
}

@Injectable()
export class IdPipe implements PipeTransform<string, string> {
  transform(value: string): string {
    if (!isId(value)) throw new ApiError('not_found');
    return value;
  }
}

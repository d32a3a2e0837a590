// `@Post()` as every controller takes it in place of the framework's (the linter sees to that): with `Idempotency-Key` on every
// route that needs a token. Not a global interceptor, because that would cost each GET an Observable.
import { applyDecorators, Post as FrameworkPost } from '@nestjs/common';
import { INTERCEPTORS_METADATA } from '@nestjs/common/constants.js';
import { IdempotencyInterceptor } from './idempotency.interceptor.js';

export const Post = (path?: string): MethodDecorator => applyDecorators(FrameworkPost(path), outermost);

/** Before the other interceptors of the method, so that what they make of the answer is stored with it. */
const outermost: MethodDecorator = (_target, _name, { value: method }) => {
  if (typeof method !== 'function') throw new Error('Only a method can take a POST');
  const others = (Reflect.getMetadata(INTERCEPTORS_METADATA, method) ?? []) as unknown[];
  Reflect.defineMetadata(INTERCEPTORS_METADATA, [IdempotencyInterceptor, ...others], method);
};

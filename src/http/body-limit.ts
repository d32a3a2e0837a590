// How large a body may be where the usual limit is too small.
import type { CustomDecorator } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** In bytes. */
    bodyLimit?: number;
  }
}

export const BodyLimit = (bytes: number): CustomDecorator => RouteConfig({ bodyLimit: bytes });

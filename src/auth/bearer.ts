// The token in `Authorization` (RFC 6750 section 2.1).
import type { FastifyRequest } from 'fastify';

const BEARER = /^bearer +(\S+)$/i;

export function bearerOf({ headers }: FastifyRequest): string | undefined {
  return BEARER.exec(headers.authorization ?? '')?.[1];
}

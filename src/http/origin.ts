// The request by which something is done, for the audit trail and the sessions. It is handed on as an argument: a context that
// follows the work by itself costs every promise of the process, a fifth of a write on Node 20.
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

export interface Origin {
  readonly requestId: string;
  readonly ip: string;
  readonly userAgent: string | null;
}

const LONGEST_USER_AGENT = 256;

export function originOf({ id, ip, headers }: FastifyRequest): Origin {
  return { requestId: id, ip, userAgent: headers['user-agent']?.slice(0, LONGEST_USER_AGENT) ?? null };
}

/** As a handler's argument, on a public route; elsewhere the actor has it. */
export const CurrentOrigin = createParamDecorator((_: unknown, context: ExecutionContext) =>
  originOf(context.switchToHttp().getRequest<FastifyRequest>()),
);

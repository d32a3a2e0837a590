// `Idempotency-Key` on the POST of somebody who is logged in (draft-ietf-httpapi-idempotency-key-header). The answer is stored
// as it goes over the wire; one that tells of a passing trouble (5xx, 429) is not: asked again, it is tried again.
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { ApiError, envelope } from './api-error.js';
import { type Claim, type GivenAnswer, IdempotencyKeysRepository } from './idempotency-keys.repository.js';
import { IdempotentAnswers, type Outcome } from './idempotent-answers.js';
import { toApiError } from './to-api-error.js';

const PRINTABLE = /^[\x20-\x7e]{1,128}$/;
const NO_BODY = Buffer.alloc(0);

@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly answers: IdempotentAnswers,
    private readonly keys: IdempotencyKeysRepository,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (request.headers['idempotency-key'] === undefined || !request.identity) return next.handle();
    return from(this.answer(this.claimOf(request, request.identity.id), request, context.switchToHttp().getResponse(), next));
  }

  private claimOf({ headers, method, url, body }: FastifyRequest, userId: string): Claim {
    const key = String(headers['idempotency-key']);
    if (!PRINTABLE.test(key)) throw ApiError.field('Idempotency-Key', 'must have 1 to 128 printable characters');
    return { userId, key, fingerprints: this.keys.fingerprints(method, url, Buffer.isBuffer(body) ? body : NO_BODY) };
  }

  private async answer(claim: Claim, request: FastifyRequest, reply: FastifyReply, next: CallHandler<unknown>): Promise<unknown> {
    const headers = reply.getHeaders();
    const outcome = await this.answers.once(claim, () => outcomeOf(request, reply, next));
    if ('given' in outcome) {
      // The request may have been carried out and taken back: nothing of that may show.
      for (const name of Object.keys(headersSince(headers, reply))) reply.removeHeader(name);
      return replay(outcome.given, request, reply);
    }
    if (outcome.error) throw outcome.error;
    return outcome.answer.body;
  }
}

/** @throws what is not to be stored */
async function outcomeOf(request: FastifyRequest, reply: FastifyReply, next: CallHandler<unknown>): Promise<Outcome> {
  const headers = reply.getHeaders();
  try {
    const body = textOf(await lastValueFrom(next.handle(), { defaultValue: undefined }));
    if (body !== undefined) reply.type('application/json; charset=utf-8');
    return { answer: { status: reply.statusCode, headers: headersSince(headers, reply), body } };
  } catch (thrown) {
    const error = toApiError(thrown);
    if (error.status >= 500 || error.status === 429 || error.code === 'idempotency_in_progress') throw thrown;
    const body = JSON.stringify(envelope(error, request.id));
    return { answer: { status: error.status, headers: error.headers, body }, error };
  }
}

/** As it goes over the wire. */
function textOf(result: unknown): string | undefined {
  return result === undefined || typeof result === 'string' ? result : JSON.stringify(result);
}

function headersSince(before: ReturnType<FastifyReply['getHeaders']>, reply: FastifyReply): Record<string, string> {
  const added = Object.entries(reply.getHeaders()).filter(([name, value]) => before[name] !== value);
  return Object.fromEntries(added.map(([name, value]) => [name, String(value)]));
}

function replay({ status, headers, body }: GivenAnswer, request: FastifyRequest, reply: FastifyReply): string | undefined {
  reply.code(status).headers(headers).header('Idempotency-Replayed', 'true');
  if (body !== undefined) reply.type('application/json; charset=utf-8');
  if (status >= 400 && body !== undefined) request.errorCode = (JSON.parse(body) as { code: string }).code;
  return body;
}

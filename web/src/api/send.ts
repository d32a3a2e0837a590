// One request on the wire: bounded in time, and sure whether an answer came.
import { lost, reached } from './connection.js';
import { Problem, Unreachable } from './problem.js';

const TIMEOUT_MS = 15_000;

/** @throws Unreachable when no answer came; whatever `request.signal` was aborted with */
export async function send(request: Request): Promise<Response> {
  try {
    const response = await fetch(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(TIMEOUT_MS)]) });
    reached();
    return response;
  } catch (error) {
    if (request.signal.aborted) throw error;
    lost();
    throw new Unreachable(error);
  }
}

interface Outcome<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

interface Envelope {
  readonly code: string;
  readonly message: string;
  readonly request_id: string;
  readonly details?: Record<string, unknown>;
}

/** The body of a good answer. @throws Problem, Unreachable */
export async function answerOf<T>(call: Promise<Outcome<T>>): Promise<T> {
  const { data, error, response } = await call;
  if (response.ok) return data as T;
  // Something between us and the service answered in its place.
  if (!isEnvelope(error)) throw new Unreachable(error);
  const retryAfter = Number(response.headers.get('Retry-After') ?? Number.NaN);
  throw new Problem(
    response.status,
    error.code,
    error.message,
    error.request_id,
    error.details,
    Number.isFinite(retryAfter) ? retryAfter : undefined,
  );
}

function isEnvelope(body: unknown): body is Envelope {
  return typeof body === 'object' && body !== null && 'code' in body && 'request_id' in body;
}

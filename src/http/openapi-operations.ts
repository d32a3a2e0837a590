// What the API document says of many routes alike is said here once: errors with their examples, headers, conditional and
// repeatable requests. The decorators of a route only mark it.
import type { OpenAPIObject } from '@nestjs/swagger';
import { ApiError, envelope, ERROR_CODES, type ErrorCode, statusOf } from './api-error.js';

export const ERROR_MARK = 'x-error-';
export const HEADER_MARK = 'x-sends-';

type Paths = OpenAPIObject['paths'];
type Operation = NonNullable<Paths[string]['get']> & { [mark: `x-${string}`]: unknown };
type Response = Exclude<Operation['responses'][string], undefined | { $ref: string }>;

const HEADERS = {
  'X-Request-ID': {
    description: 'The caller’s own id, or a new one; the log and the audit trail have it too.',
    example: '01a20315-926a-74f1-bb35-b94b307c0be7',
  },
  ETag: { description: 'The version, for `If-None-Match` and `If-Match`. An item’s is its `version` in quotes.', example: '"3"' },
  'Cache-Control': { description: 'Yours alone to keep, and to be asked for again each time.', example: 'private, no-cache' },
  Vary: { description: 'What else the answer depends on.', example: 'Authorization' },
  Location: { description: 'Where the new thing is.', example: '/v1/watchlists/items/01a20315-926a-74f1-bb35-b94b307c0be7' },
  Link: {
    description: 'The first page, and the next one if there is one (RFC 8288).',
    example: '</v1/watchlists?limit=20&cursor=abc>; rel="next", </v1/watchlists?limit=20>; rel="first"',
  },
  'X-Cache': { description: 'Whether the answer came from the cache: `HIT`, `MISS` or, without a cache, `BYPASS`.', example: 'HIT' },
  'Idempotency-Replayed': { description: '`true`: this was answered before, and nothing was done now.', example: 'true' },
  'WWW-Authenticate': { description: 'How to say who you are.', example: 'Bearer' },
  'Retry-After': { description: 'In how many seconds it may be worth another try.', example: '1' },
  Deprecation: { description: 'Since when the route should no longer be used, in seconds since 1970 (RFC 9745).', example: '@1798761600' },
  Sunset: { description: 'When the route will be gone (RFC 8594).', example: 'Fri, 31 Dec 2027 00:00:00 GMT' },
};
export type ResponseHeader = keyof typeof HEADERS;

const EXAMPLE_ID = '01a20315-926a-74f1-bb35-b94b307c0be7';
const EXAMPLE_DETAILS: Partial<Record<ErrorCode, Record<string, unknown>>> = {
  validation_failed: { fields: [{ field: 'title', message: 'must have 1 to 300 characters' }] },
  forbidden: { required: 'admin' },
  duplicate_item: { existing_id: EXAMPLE_ID },
  precondition_failed: {
    current: {
      id: EXAMPLE_ID,
      title: 'Dune',
      media_type: 'movie',
      year: 2021,
      status: 'watched',
      rating: 8.5,
      notes: null,
      version: 4,
      created_at: '2026-11-22T08:14:08.123Z',
      updated_at: '2026-11-23T19:02:41.007Z',
    },
  },
};

const IF_NONE_MATCH = {
  name: 'If-None-Match',
  in: 'header',
  required: false,
  description: 'The `ETag` of what you have, or several: if it is still so, the answer is 304 without a body.',
  schema: { type: 'string' },
  example: '"3"',
} as const;

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'Makes the request safe to repeat: within 24 hours the same key and request are answered as the first time, and done once. A new UUID for each new request.',
  schema: { type: 'string', minLength: 1, maxLength: 128 },
  example: '8e03978e-40d5-43dd-bc93-6894a57f9324',
} as const;

export function completeOperations(document: OpenAPIObject): OpenAPIObject {
  document.components = {
    ...document.components,
    headers: Object.fromEntries(Object.entries(HEADERS).map(([name, header]) => [name, { ...header, schema: { type: 'string' } }])),
    examples: Object.fromEntries(ERROR_CODES.map((code) => [code, errorExample(code)])),
  };
  for (const path of Object.values(document.paths)) {
    for (const [method, operation] of Object.entries(path) as [string, Operation][]) complete(method, operation);
  }
  return document;
}

function complete(method: string, operation: Operation): void {
  const errors = takeMarks(operation, ERROR_MARK) as ErrorCode[];
  const headers = takeMarks(operation, HEADER_MARK) as ResponseHeader[];
  const repeatable = method === 'post' && (operation.security ?? []).length > 0;
  const parameters = (operation.parameters ??= []);
  for (const parameter of parameters) {
    if ('in' in parameter && parameter.in === 'path') parameter.description = 'An id as the API gave it; whatever is none is not found.';
  }
  for (const [status, response] of responsesOf(operation)) {
    if (Number(status) < 300)
      sends(
        response,
        headers.filter((name) => name !== 'Location' || status === '201'),
      );
  }
  if (method === 'get' && headers.includes('ETag')) {
    parameters.push(IF_NONE_MATCH);
    operation.responses['304'] = { description: 'What you have is still so.' };
    sends(
      operation.responses['304'],
      headers.filter((name) => name !== 'Link' && name !== 'Location'),
    );
  }
  if (repeatable) {
    parameters.push(IDEMPOTENCY_KEY);
    errors.push('validation_failed', 'idempotency_in_progress', 'idempotency_key_reused');
  }
  Object.assign(operation.responses, errorResponses(errors));
  for (const [status, response] of responsesOf(operation)) {
    sends(response, ['X-Request-ID']);
    if (repeatable && Number(status) < 413) sends(response, ['Idempotency-Replayed']);
  }
}

function takeMarks(operation: Operation, mark: `x-${string}`): string[] {
  const marks = Object.keys(operation).filter((key): key is `x-${string}` => key.startsWith(mark));
  for (const each of marks) delete operation[each];
  return marks.map((each) => each.slice(mark.length));
}

function responsesOf(operation: Operation): [string, Response][] {
  return Object.entries(operation.responses) as [string, Response][];
}

function sends(response: Response, names: readonly ResponseHeader[]): void {
  const references = names.map((name) => [name, { $ref: `#/components/headers/${name}` }] as const);
  if (references.length > 0) response.headers = { ...response.headers, ...Object.fromEntries(references) };
}

/** Several codes of one status together. */
function errorResponses(codes: readonly ErrorCode[]): Record<string, Response> {
  const statuses = new Set(codes.map(statusOf));
  return Object.fromEntries(
    [...statuses].map((status) => [status, errorResponse(ERROR_CODES.filter((code) => codes.includes(code) && statusOf(code) === status))]),
  );
}

function errorResponse(codes: readonly ErrorCode[]): Response {
  const response: Response = {
    description: codes.map((code) => `\`${code}\``).join(', '),
    content: {
      'application/json': {
        schema: { $ref: '#/components/schemas/ErrorBody' },
        examples: Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
      },
    },
  };
  sends(
    response,
    codes.flatMap((code) => ERROR_HEADERS.get(code) ?? []),
  );
  return response;
}

const ERROR_HEADERS = new Map<ErrorCode, ResponseHeader[]>([
  ...ERROR_CODES.filter((code) => statusOf(code) === 401).map((code): [ErrorCode, ResponseHeader[]] => [code, ['WWW-Authenticate']]),
  ['precondition_failed', ['ETag']],
  ['idempotency_in_progress', ['Retry-After']],
  ['unavailable', ['Retry-After']],
]);

function errorExample(code: ErrorCode): { summary: string; value: unknown } {
  const error = new ApiError(code, { details: EXAMPLE_DETAILS[code] });
  return { summary: error.message, value: envelope(error, EXAMPLE_ID) };
}

// The catalogue of errors: every code a client can meet, with its status. Codes are part of the contract, messages are not.

const CATALOGUE = {
  validation_failed: { status: 400, message: 'A field or a query parameter is not acceptable.' },
  malformed_request: { status: 400, message: 'The request cannot be read.' },
  not_authenticated: { status: 401, message: 'A valid access token is needed.' },
  invalid_credentials: { status: 401, message: 'The e-mail or the password is wrong.' },
  invalid_refresh_token: { status: 401, message: 'The refresh token is unknown, expired or used before.' },
  forbidden: { status: 403, message: 'This is not allowed with your role or token.' },
  account_disabled: { status: 403, message: 'This account is disabled.' },
  not_found: { status: 404, message: 'There is nothing here.' },
  method_not_allowed: { status: 405, message: 'This path does not know this method.' },
  email_taken: { status: 409, message: 'An account with this e-mail exists already.' },
  duplicate_item: { status: 409, message: 'This title is in the list already.' },
  last_admin: { status: 409, message: 'The last active administrator must stay one.' },
  idempotency_in_progress: { status: 409, message: 'The first request with this Idempotency-Key is still running.' },
  precondition_failed: { status: 412, message: 'It was changed since: If-Match names another version.' },
  payload_too_large: { status: 413, message: 'The body is too large.' },
  unsupported_media_type: { status: 415, message: 'The body must be application/json in UTF-8, not encoded.' },
  rate_limited: { status: 429, message: 'Too many requests. Please try again later.' },
  idempotency_key_reused: { status: 422, message: 'This Idempotency-Key was used for another request.' },
  internal_error: { status: 500, message: 'Something went wrong on our side.' },
  unavailable: { status: 503, message: 'The service cannot answer this now. Please try again.' },
} as const;

export type ErrorCode = keyof typeof CATALOGUE;
export const ERROR_CODES = Object.keys(CATALOGUE) as ErrorCode[];

/** The status of a code; `malformed_request` may carry another 4xx that the HTTP parser decided on. */
export function statusOf(code: ErrorCode): number {
  return CATALOGUE[code].status;
}

export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

interface ApiErrorOptions {
  readonly details?: Record<string, unknown>;
  readonly headers?: Record<string, string>;
  /** Only for `malformed_request`: 408, 414, 417 or 431. */
  readonly status?: number;
  /** A message for people in place of the catalogue's. */
  readonly message?: string;
  /** For the log alone. */
  readonly cause?: unknown;
}

/** An answer other than success; everything in it but `cause` may be shown to the caller. */
export class ApiError extends Error {
  readonly status: number;
  readonly details: Record<string, unknown> | undefined;
  readonly headers: Record<string, string>;

  constructor(
    readonly code: ErrorCode,
    options: ApiErrorOptions = {},
  ) {
    super(options.message ?? CATALOGUE[code].message, { cause: options.cause });
    this.name = 'ApiError';
    this.status = options.status ?? statusOf(code);
    this.details = options.details;
    this.headers = { ...(this.status === 401 && { 'WWW-Authenticate': 'Bearer' }), ...options.headers };
  }

  static validation(fields: readonly FieldProblem[]): ApiError {
    return new ApiError('validation_failed', { details: { fields } });
  }

  static field(field: string, message: string): ApiError {
    return ApiError.validation([{ field, message }]);
  }

  /** @param retryAfterSeconds when it may be worth another try (RFC 9110 section 10.2.3) */
  static unavailable(retryAfterSeconds = 1, cause?: unknown): ApiError {
    return new ApiError('unavailable', { headers: { 'Retry-After': String(retryAfterSeconds) }, cause });
  }
}

/** The one body of every error. */
export interface ErrorEnvelope {
  readonly code: ErrorCode;
  readonly message: string;
  readonly request_id: string;
  readonly details?: Record<string, unknown>;
}

export function envelope(error: ApiError, requestId: string): ErrorEnvelope {
  return { code: error.code, message: error.message, request_id: requestId, ...(error.details && { details: error.details }) };
}

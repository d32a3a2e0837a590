// Whatever was thrown, as one of the catalogue's errors: the framework's, the router's, the HTTP parser's, the database's.
import { HttpException } from '@nestjs/common';
import { isUnavailable, violatesForeignKey } from '../database/database-error.js';
import { ApiError, type ErrorCode } from './api-error.js';

/** What the framework decides by status alone. */
const CODE_OF_STATUS = new Map<number, ErrorCode>([
  [404, 'not_found'],
  [405, 'method_not_allowed'],
  [413, 'payload_too_large'],
  [415, 'unsupported_media_type'],
]);

/** What Node's HTTP parser refuses, by the code of its error; anything else it refuses is a 400. */
const STATUS_OF_PARSER_ERROR = new Map([
  ['ERR_HTTP_REQUEST_TIMEOUT', 408],
  ['FST_ERR_MAX_PARAM_LENGTH', 414],
  ['HPE_HEADER_OVERFLOW', 431],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', 413],
]);

export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (isUnavailable(error)) return ApiError.unavailable(1, error);
  // Everything refers to its account: it was deleted while the request was being served.
  if (violatesForeignKey(error)) return new ApiError('not_authenticated', { cause: error });
  const status = statusOfFrameworkError(error);
  if (status === undefined || status >= 500) return new ApiError('internal_error', { cause: error });
  const code = CODE_OF_STATUS.get(status);
  return code
    ? new ApiError(code)
    : new ApiError('malformed_request', { status: status === 408 || status === 414 || status === 431 ? status : 400 });
}

/** @param error what Node's server reports of a connection before there is a request */
export function parserErrorToApiError(error: NodeJS.ErrnoException): ApiError {
  const status = STATUS_OF_PARSER_ERROR.get(error.code ?? '') ?? 400;
  return status === 413 ? new ApiError('payload_too_large') : new ApiError('malformed_request', { status });
}

function statusOfFrameworkError(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  const fastifyError = error as { code?: string; statusCode?: number } | undefined;
  return fastifyError?.code?.startsWith('FST_') ? fastifyError.statusCode : undefined;
}

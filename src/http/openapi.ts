// The API document: served at /docs and /openapi.json, and committed, so that a change of the contract shows in review.
import { applyDecorators } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  ApiExtension,
  ApiExtraModels,
  ApiProperty,
  ApiPropertyOptional,
  DocumentBuilder,
  type OpenAPIObject,
  SwaggerModule,
} from '@nestjs/swagger';
import { VERSION } from '../config/version.js';
import { ERROR_CODES, type ErrorCode } from './api-error.js';
import { completeOperations, ERROR_MARK, HEADER_MARK, type ResponseHeader } from './openapi-operations.js';

/** The body of every error. */
export class ErrorBody {
  @ApiProperty({ enum: ERROR_CODES, description: 'Stable: clients may decide by it.' })
  code: ErrorCode;

  @ApiProperty({ description: 'For people; may change.' })
  message: string;

  @ApiProperty({ description: 'The same id is in the X-Request-ID header, the log and the audit trail.' })
  request_id: string;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  details?: Record<string, unknown>;
}

/** Documents the errors of a route, or of all routes of a controller. */
export const ApiErrors = (...codes: ErrorCode[]): ReturnType<typeof applyDecorators> =>
  applyDecorators(
    ApiExtraModels(ErrorBody),
    ...[...codes, 'rate_limited', 'internal_error', 'unavailable'].map((code) => ApiExtension(`${ERROR_MARK}${code}`, true)),
  );

/** The errors of every route that takes a JSON body, and those of this one. */
export const JsonBodyErrors = (...codes: ErrorCode[]): ReturnType<typeof applyDecorators> =>
  ApiErrors('validation_failed', 'malformed_request', 'payload_too_large', 'unsupported_media_type', ...codes);

/** Documents what the successful answers of a route say beside their bodies. */
export const SendsHeaders = (...names: ResponseHeader[]): ReturnType<typeof applyDecorators> =>
  applyDecorators(...names.map((name) => ApiExtension(`${HEADER_MARK}${name}`, true)));

export function createOpenApiDocument(app: NestFastifyApplication): OpenAPIObject {
  const options = new DocumentBuilder()
    .setTitle('Watchlist')
    .setDescription('The films and shows you mean to watch. Every error has one shape: see `ErrorBody`.')
    .setVersion(VERSION)
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' })
    .build();
  return completeOperations(SwaggerModule.createDocument(app, options, { operationIdFactory: (_controller, method) => method }));
}

/** Serves the document at /openapi.json and a page to read it at /docs. */
export function serveOpenApi(app: NestFastifyApplication): void {
  SwaggerModule.setup('docs', app, () => createOpenApiDocument(app), { jsonDocumentUrl: 'openapi.json', customSiteTitle: 'Watchlist API' });
}

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ERROR_CODES, type ErrorCode, statusOf } from '../../src/http/api-error.js';
import type { Json } from '../support/http.js';
import { Service } from '../support/service.js';

const committed: Json = JSON.parse(readFileSync(new URL('../../openapi.json', import.meta.url), 'utf8'));

/** `GET /v1/…` with its operation. */
const OPERATIONS: [string, Json][] = Object.entries<Json>(committed.paths).flatMap(([path, methods]) =>
  Object.entries<Json>(methods).map(([method, operation]): [string, Json] => [`${method.toUpperCase()} ${path}`, operation]),
);

describe('the API document', () => {
  let service: Service;

  beforeAll(async () => {
    service = await Service.start();
  });
  afterAll(() => service.stop());

  it('is served as it is committed: run `npm run openapi` after a change of the contract', async () => {
    const { status, body } = await service.get('/openapi.json');

    expect(status).toBe(200);
    expect(body).toEqual(committed);
  });

  it('can be read by people at /docs', async () => {
    const { status, headers, text } = await service.get('/docs');

    expect([status, headers.get('content-type')]).toEqual([200, expect.stringMatching(/^text\/html/)]);
    expect(text).toContain('Watchlist');
  });

  it('names every operation once, so that generated clients have one function for each', () => {
    const ids = OPERATIONS.map(([, { operationId }]) => operationId);

    expect(ids.every((id) => /^[a-z][A-Za-z]+$/.test(id))).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('lists every code of an error and its one body', () => {
    const { ErrorBody } = committed.components.schemas;

    expect(ErrorBody.properties.code.enum).toEqual(ERROR_CODES);
    expect(ErrorBody.required.toSorted()).toEqual(['code', 'message', 'request_id']);
  });

  it('refers to nothing that it does not hold', () => {
    const schemas = Object.keys(committed.components.schemas);
    const references = [...JSON.stringify(committed).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name);

    expect(references.filter((name) => !schemas.includes(name ?? ''))).toEqual([]);
  });
});

describe.each(OPERATIONS)('%s in the API document', (name, operation) => {
  it('says what it is for', () => {
    expect(`${operation.summary ?? ''}${operation.description ?? ''}`).toMatch(/^[A-Z].+\.$/);
    expect(operation.tags).toHaveLength(1);
  });

  it('says what it answers: one success, and each error with its codes under their own status', () => {
    const statuses = Object.keys(operation.responses);
    const errors = statuses.filter((status) => status >= '400' && !name.includes('/health'));

    expect(statuses.filter((status) => status < '300')).toHaveLength(1);
    for (const status of errors) {
      const { description, content } = operation.responses[status];
      const codes = [...description.matchAll(/`([a-z_]+)`/g)].map(([, code]) => code as ErrorCode);
      expect(codes.map(statusOf)).toEqual(codes.map(() => Number(status)));
      expect(codes.length).toBeGreaterThan(0);
      expect(content['application/json'].schema).toEqual({ $ref: '#/components/schemas/ErrorBody' });
    }
  });

  it('says what can go wrong with what it takes', () => {
    const takesQuery = operation.parameters?.some((parameter: Json) => parameter.in === 'query');
    const needed = [
      ...(operation.security ? ['401', '500', '503'] : []),
      ...(operation.requestBody ? ['400', '413', '415'] : []),
      ...(takesQuery ? ['400'] : []),
      ...(/\{\w+\}/.test(name) ? ['404'] : []),
    ];

    expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(needed));
  });

  it('describes each parameter and each field it takes', () => {
    const reference: string | undefined = operation.requestBody?.content['application/json'].schema.$ref;
    const fields = Object.entries<Json>(reference ? committed.components.schemas[reference.split('/').at(-1) ?? ''].properties : {});

    expect(operation.requestBody === undefined || fields.length > 0).toBe(true);
    for (const [, field] of fields) expect(field.type ?? field.enum).toBeDefined();
    for (const parameter of operation.parameters ?? []) expect(parameter.schema.type).toBeDefined();
  });
});

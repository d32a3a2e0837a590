// The committed API document, for the suites that go through every route: a new route is in them as soon as it is documented.
import { readFileSync } from 'node:fs';

export interface Schema {
  readonly $ref?: string;
  readonly type?: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object';
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly multipleOf?: number;
  readonly nullable?: boolean;
  readonly example?: unknown;
  readonly properties?: Record<string, Schema>;
  readonly required?: readonly string[];
}

export interface Parameter {
  readonly name: string;
  readonly in: 'query' | 'path' | 'header';
  readonly schema: Schema;
}

interface DocumentedOperation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Record<string, { readonly schema: Schema }> };
  readonly security?: readonly unknown[];
}

interface ApiDocument {
  readonly paths: Record<string, Record<string, DocumentedOperation>>;
  readonly components: { readonly schemas: Record<string, Schema> };
}

export interface Operation {
  readonly method: string;
  readonly path: string;
  /** Answers without a token. */
  readonly isPublic: boolean;
  readonly query: readonly Parameter[];
  /** What its JSON body looks like, if it has one. */
  readonly body: Schema | undefined;
  /** It may be left out. */
  readonly bodyIsOptional: boolean;
}

const document = JSON.parse(readFileSync(new URL('../../openapi.json', import.meta.url), 'utf8')) as ApiDocument;

/** Every method of every path of the document. */
export const OPERATIONS: readonly Operation[] = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => operationOf(method, path, operation)),
);

/** Which methods each path knows, as `Allow` lists them. */
export const ALLOWED_METHODS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(document.paths).map(([path, methods]) => [path, allowed(Object.keys(methods))]),
);

function operationOf(method: string, path: string, { parameters = [], requestBody, security = [] }: DocumentedOperation): Operation {
  return {
    method: method.toUpperCase(),
    path,
    isPublic: security.length === 0,
    query: parameters.filter((parameter) => parameter.in === 'query'),
    body: resolved(requestBody?.content['application/json']?.schema),
    bodyIsOptional: requestBody?.required === false,
  };
}

function resolved(schema: Schema | undefined): Schema | undefined {
  const name = schema?.$ref?.split('/').at(-1);
  return name === undefined ? schema : document.components.schemas[name];
}

function allowed(methods: readonly string[]): string[] {
  const names = methods.map((method) => method.toUpperCase());
  return [...names, ...(names.includes('GET') ? ['HEAD'] : [])].toSorted();
}

// Holds every answer that any suite gets against the committed API document: its status, its code, its body. So the document cannot
// say anything that the service does not do, nor leave out what it does.
import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { Answer, Json } from './http.js';

const document: Json = JSON.parse(readFileSync(new URL('../../openapi.json', import.meta.url), 'utf8'));
const ajv = new Ajv({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema({ $id: 'document', components: closed(document.components) });

/** What may come before a route is found, or before its body is looked at; the router's and the parser's own. */
const ANY_TIME = new Set(['malformed_request', 'method_not_allowed', 'unsupported_media_type']);

const ROUTES = Object.entries<Json>(document.paths).map(([path, operations]) => ({
  // A route without parameters comes before one that could be read as it.
  rank: path.includes('{') ? 1 : 0,
  pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}/?$`),
  operations,
}));
ROUTES.sort((a, b) => a.rank - b.rank);

const validators = new Map<string, ValidateFunction>();

/** @throws Error when the answer is not what the document says */
export function assertDocumented(method: string, path: string, answer: Answer): void {
  const [plain = ''] = path.split('?', 1);
  const operation = ROUTES.find(({ pattern }) => pattern.test(plain))?.operations[(method === 'HEAD' ? 'GET' : method).toLowerCase()];
  const problem = operation ? problemWith(operation, method, answer) : undefined;
  if (problem !== undefined)
    throw new Error(`${method} ${path} answered ${answer.status}, which the API document does not say: ${problem}`);
}

function problemWith(operation: Json, method: string, { status, body, text }: Answer): string | undefined {
  // Without a body an error cannot say which it is.
  if (status === 304 || (status >= 400 && (method === 'HEAD' || ANY_TIME.has(body?.code)))) return undefined;
  const documented = operation.responses[status];
  if (!documented) return `it knows ${Object.keys(operation.responses).join(', ')}`;
  if (method === 'HEAD') return undefined;
  const schema = documented.content?.['application/json']?.schema;
  if (!schema) return documented.content || text === '' ? undefined : 'it has no body there';
  const isError = status >= 400 && schema.$ref === '#/components/schemas/ErrorBody';
  if (isError && !documented.description.includes(`\`${body?.code}\``)) return `it does not name ${body?.code} there`;
  const validate = validatorOf(schema);
  return validate(body) ? undefined : ajv.errorsText(validate.errors);
}

function validatorOf(schema: Json): ValidateFunction {
  const key = JSON.stringify(schema);
  const known = validators.get(key);
  if (known) return known;
  const validate = ajv.compile(JSON.parse(JSON.stringify(closed(schema)).replaceAll('"#/', '"document#/')));
  validators.set(key, validate);
  return validate;
}

/** A field that the document does not know is a mistake in one of the two. */
function closed(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inside = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, closed(value)]));
  return 'properties' in schema && !('additionalProperties' in schema) ? { ...inside, additionalProperties: false } : inside;
}

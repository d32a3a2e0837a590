// The table of bad inputs: every route of the API document with everything that can be wrong with its path, query, headers and
// body, each row with the status and code that the contract names for it. Built from the document, so a new route has its rows.
import { gzipSync } from 'node:zlib';
import { ALLOWED_METHODS, type Operation, OPERATIONS, type Parameter, type Schema } from './api-document.js';
import { lookalikeEmails, wrongTokens } from './wrong-values.js';

export type CallerName = 'nobody' | 'user' | 'admin';

export interface BadInput {
  readonly what: string;
  readonly method: string;
  /** The path as the document writes it. */
  readonly route: string;
  readonly path: string;
  readonly caller: CallerName;
  readonly headers?: Record<string, string>;
  /** Sent as it is. */
  readonly rawBody?: string | Uint8Array;
  readonly status: number;
  readonly code: string;
}

/** What is wrong, what to send in its place, and what the answer is where it is not the usual one. */
type Wrong = readonly [what: string, value: string, status?: number, code?: string];

const UNKNOWN_ID = '01a20300-0000-7000-8000-000000000000';
const ADMINISTRATION = /^\/v1\/(users|audit$|audit\/verify)/;
const LARGEST_BODY = 64 * 1024;
const LARGEST_BODIES = new Map([['/v1/watchlists/items/batch', 512 * 1024]]);

/** Names that every object answers to: a lookup that is not careful finds something there. */
const BUILT_IN_NAMES = ['constructor', 'toString', 'hasOwnProperty', 'valueOf', 'isPrototypeOf', 'prototype', 'then', 'length'];

export function callerOf({ isPublic, path }: Operation): CallerName {
  if (isPublic) return 'nobody';
  return ADMINISTRATION.test(path) ? 'admin' : 'user';
}

/** The path with well-formed ids of things that are not there. */
export function examplePath(path: string): string {
  return path.replace(/\{\w+\}/g, UNKNOWN_ID);
}

/** A body as the document's examples make it. */
export function exampleBody({ properties = {}, required = [] }: Schema): Record<string, unknown> {
  const names = required.length > 0 ? required : Object.keys(properties).slice(0, 1);
  return Object.fromEntries(names.map((name) => [name, exampleOf(properties[name] ?? {})]));
}

function exampleOf({ example, enum: choices, items, minimum, type }: Schema): unknown {
  if (example !== undefined) return example;
  if (items) return [exampleOf(items)];
  return choices?.[0] ?? (type === 'boolean' ? true : (minimum ?? 'a good enough text'));
}

export function badInputs(): BadInput[] {
  return [
    ...OPERATIONS.flatMap((operation) => [
      ...wrongAuthorization(operation),
      ...wrongIds(operation),
      ...wrongQueries(operation),
      ...(operation.body ? [...wrongMedia(operation), ...wrongJson(operation), ...wrongFields(operation, operation.body)] : []),
    ]),
    ...wrongMethods(),
    ...wrongPaths(),
  ];
}

function row(operation: Operation, what: string, status: number, code: string, rest: Partial<BadInput> = {}): BadInput {
  const body = operation.body ? { rawBody: JSON.stringify(exampleBody(operation.body)) } : {};
  return {
    method: operation.method,
    route: operation.path,
    path: examplePath(operation.path),
    caller: callerOf(operation),
    ...body,
    ...rest,
    what,
    status,
    code,
  };
}

function wrongAuthorization(operation: Operation): BadInput[] {
  if (operation.isPublic) return [];
  const refused = wrongTokens().map(([what, authorization]) =>
    row(operation, what, 401, 'not_authenticated', { caller: 'nobody', ...(authorization !== '' && { headers: { authorization } }) }),
  );
  const forbidden = callerOf(operation) === 'admin' ? [row(operation, 'an ordinary user', 403, 'forbidden', { caller: 'user' })] : [];
  return [...refused, ...forbidden];
}

function wrongIds(operation: Operation): BadInput[] {
  const wrong: Wrong[] = [
    ['an id of nothing', UNKNOWN_ID],
    ['an id that is none', 'x'],
    ['a number', '1'],
    ['a number over 2^31', '2147483648'],
    ['an id without its last digit', UNKNOWN_ID.slice(0, -1)],
    ['an id with a digit too many', `${UNKNOWN_ID}0`],
    ['an id in braces', `%7B${UNKNOWN_ID}%7D`],
    ['an id with a line break', `${UNKNOWN_ID}%0A`],
    ['a NUL', '%00'],
    ['an id with a NUL', `${UNKNOWN_ID}%00`],
    ['an encoded slash', 'a%2Fb'],
    ['an id behind an encoded slash', `%2F${UNKNOWN_ID}`],
    ['encoded dots and slashes', '..%2F..%2F..%2Fetc%2Fpasswd'],
    ['an SQL text', '%27%20OR%20%271%27%3D%271'],
    ['a name every object has', 'constructor'],
    ['text that is not ASCII', '%E2%80%8B'],
    ['a percent sign', '%25'],
    ['invalid UTF-8', '%ff', 400, 'malformed_request'],
    ['half a surrogate pair', '%ED%A0%80', 400, 'malformed_request'],
    ['an undecodable escape', '%zz', 400, 'malformed_request'],
    ['a parameter that is too long', 'a'.repeat(5_000), 414, 'malformed_request'],
  ];
  if (!operation.path.includes('{')) return [];
  return wrong.map(([what, id, status = 404, code = 'not_found']) =>
    row(operation, `path: ${what}`, status, code, { path: operation.path.replace(/\{\w+\}/, id) }),
  );
}

function wrongQueries(operation: Operation): BadInput[] {
  if (operation.query.length === 0) return [];
  const wrong: Wrong[] = [
    ...operation.query.flatMap(wrongParameters),
    ...[...BUILT_IN_NAMES, '__proto__', '', '%00', 'limit[]', 'limit[0]', 'LIMIT', '$where'].map((name): Wrong => [
      `the unknown parameter '${name}'`,
      `${name}=1`,
    ]),
    ['an undecodable name', '%ff=1', 400, 'malformed_request'],
    ['a name that ends in an escape', 'limit%', 400, 'malformed_request'],
  ];
  return wrong.map(([what, query, status = 400, code = 'validation_failed']) =>
    row(operation, `query: ${what}`, status, code, { path: `${examplePath(operation.path)}?${query}` }),
  );
}

function wrongParameters({ name, schema }: Parameter): Wrong[] {
  const good = encodeURIComponent(String([exampleOf(schema)].flat()[0]));
  return [
    [`${name} given twice`, `${name}=${good}&${name}=${good}`],
    [`${name} given twice, once escaped`, `${name}=${good}&%${name.charCodeAt(0).toString(16)}${name.slice(1)}=${good}`],
    [`${name} with a NUL`, `${name}=%00`],
    [`${name} in invalid UTF-8`, `${name}=%ff`, 400, 'malformed_request'],
    [`${name} with half a surrogate pair`, `${name}=%ED%A0%80`, 400, 'malformed_request'],
    [`${name} with half an escape`, `${name}=${good}%`, 400, 'malformed_request'],
    ...wrongParameterValues(schema).map(([what, value]): Wrong => [`${name}: ${what}`, `${name}=${value}`]),
  ];
}

function wrongParameterValues({ type, format, items, enum: choices, minimum = 0, maximum = 0, maxLength }: Schema): Wrong[] {
  const nothing: Wrong = ['nothing', ''];
  const known = items?.enum ?? choices;
  if (known) {
    const [first = ''] = known;
    const unknown = ['constructor', '__proto__', 'toString', `${first}%20`, `%20${first}`, `${first};`, first.toUpperCase(), '*', '0'];
    return [nothing, ...unknown.map((value): Wrong => [`'${value}'`, value]), [`'${first},' and nothing`, `${first},`]];
  }
  if (type === 'integer') {
    const spellings = [
      'a',
      '1.5',
      '1.0',
      '1e1',
      '0x10',
      '%201',
      '1%20',
      '%2B1',
      '-1',
      '-0',
      '%EF%BC%91',
      '1,2',
      'NaN',
      'Infinity',
      '%5B1%5D',
    ];
    const outside = [String(minimum - 1), String(maximum + 1), '2147483648', '9'.repeat(30)];
    return [nothing, ...[...spellings, ...outside].map((value): Wrong => [`'${value}'`, value])];
  }
  if (type === 'boolean') return [nothing, ...['1', '0', 'TRUE', 'yes', 'on', 'null'].map((value): Wrong => [`'${value}'`, value])];
  if (format === 'date-time') {
    const days = ['2026-11-22', '2026-11-22T08:14:08', '2026-13-01T00:00:00Z', '2026-02-30T00:00:00Z', '2026-11-22T25:00:00Z'];
    const others = ['yesterday', '1763799248', '2026-11-22%2008:14:08Z', '%2B012026-11-22T08:14:08Z', '2026-11-22T08:14:08Z%00'];
    return [nothing, ...[...days, ...others].map((value): Wrong => [`'${value}'`, value])];
  }
  if (maxLength === undefined)
    return [nothing, ['what it never gave', 'x'], ['the same at length', 'A'.repeat(5_000)], ['not base64', '%F0%9F%98%80']];
  return [
    nothing,
    ['spaces', '%20%20'],
    ['too long', 'a'.repeat(maxLength + 1)],
    ['too long in its normal form', encodeURIComponent('\u0958'.repeat(maxLength))],
    ['a bell', 'a%07'],
    ['a zero-width space', 'a%E2%80%8B'],
    ['a right-to-left override', '%E2%80%AEa'],
  ];
}

function wrongMedia(operation: Operation): BadInput[] {
  const json = JSON.stringify(exampleBody(operation.body ?? {}));
  const types: Wrong[] = [
    ['no content type', ''],
    ['plain text', 'text/plain'],
    ['a form', 'application/x-www-form-urlencoded'],
    ['a multipart form', 'multipart/form-data; boundary=x'],
    ['XML', 'application/xml'],
    ['JSON by another name', 'text/json'],
    ['JSON with a suffix', 'application/problem+json'],
    ['a type that starts like JSON', 'application/jsonx'],
    ['two types', 'application/json, text/plain'],
    ['UTF-16', 'application/json; charset=utf-16'],
    ['Latin 1', 'application/json; charset=iso-8859-1'],
    ['two charsets', 'application/json; charset=utf-8; charset=utf-16'],
    ['no type at all', ';'],
  ];
  const encodings: [string, Uint8Array][] = [
    ['gzip', gzipSync(json)],
    ['br', Buffer.from(json)],
    ['deflate', Buffer.from(json)],
    ['identity, gzip', gzipSync(json)],
  ];
  const largest = LARGEST_BODIES.get(operation.path) ?? LARGEST_BODY;
  return [
    ...types.map(([what, type]) =>
      row(operation, `media type: ${what}`, 415, 'unsupported_media_type', { headers: { 'content-type': type } }),
    ),
    ...encodings.map(([coding, rawBody]) =>
      row(operation, `content coding: ${coding}`, 415, 'unsupported_media_type', { headers: { 'content-encoding': coding }, rawBody }),
    ),
    row(operation, 'a byte too many', 413, 'payload_too_large', { rawBody: json.padEnd(largest + 1) }),
    row(operation, 'ten times too large', 413, 'payload_too_large', { rawBody: json.padEnd(largest * 10) }),
  ];
}

function wrongJson(operation: Operation): BadInput[] {
  const json = JSON.stringify(exampleBody(operation.body ?? {}));
  const member = json.slice(1, -1);
  const texts: [string, string | Uint8Array][] = [
    ...(operation.bodyIsOptional ? [] : ([['nothing', '']] as [string, string][])),
    ['a space', ' '],
    ['null', 'null'],
    ['an array', `[${json}]`],
    ['a text', JSON.stringify(json)],
    ['a number', '1'],
    ['true', 'true'],
    ['half an object', json.slice(0, -1)],
    ['half a text', '{"a":"'],
    ['a comma too many', `{${member},}`],
    ['two objects', `${json}${json}`],
    ['something behind it', `${json}x`],
    ['a NUL behind it', `${json}\0`],
    ['single quotes', json.replaceAll('"', "'")],
    ['names without quotes', '{title:"Dune"}'],
    ['a comment', `/* */${json}`],
    ['NaN', '{"year":NaN}'],
    ['Infinity', '{"year":-Infinity}'],
    ['a hexadecimal number', '{"year":0x10}'],
    ['a number with a leading zero', '{"year":02021}'],
    ['a number with a plus sign', '{"year":+2021}'],
    ['an unknown escape', String.raw`{"title":"\x41"}`],
    ['half a Unicode escape', String.raw`{"title":"\u00"}`],
    ['a line break in a text', '{"title":"a\nb"}'],
    ['a NUL in a text', '{"title":"a\0b"}'],
    ['the same key twice', `{${member},${member}}`],
    ['the same key twice, once escaped', String.raw`{"title":"a","\u0074itle":"b"}`],
    ['the same key twice, deep inside', '{"title":[{"a":1,"a":2}]}'],
    ['__proto__', `{${member},"__proto__":{"role":"admin"}}`],
    ['__proto__, escaped', String.raw`{"\u005f\u005fproto__":{"role":"admin"}}`],
    ['__proto__, deep inside', '{"title":{"a":[{"__proto__":[]}]}}'],
    ['17 levels of arrays', `{"title":${'['.repeat(16)}${']'.repeat(16)}}`],
    ['17 levels of objects', `${'{"a":'.repeat(17)}1${'}'.repeat(17)}`],
    ['30,000 levels', '['.repeat(30_000)],
    ['65 keys', wide(65)],
    ['4,000 keys', wide(4_000)],
    ['65 keys, deep inside', `{"title":[${wide(65)}]}`],
    ['invalid UTF-8', Buffer.concat([Buffer.from('{"title":"'), Buffer.from([0xff]), Buffer.from('"}')])],
    ['overlong UTF-8', Buffer.concat([Buffer.from('{"title":"'), Buffer.from([0xc0, 0xaf]), Buffer.from('"}')])],
    ['a surrogate in UTF-8', Buffer.concat([Buffer.from('{"title":"'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"}')])],
    ['UTF-8 that is cut off', Buffer.concat([Buffer.from('{"title":"'), Buffer.from([0xf0, 0x9f]), Buffer.from('"}')])],
    ['UTF-16', Buffer.from(json, 'utf16le')],
    ['UTF-16 with a mark', Buffer.from(`\ufeff${json}`, 'utf16le')],
  ];
  return texts.map(([what, rawBody]) => row(operation, `body: ${what}`, 400, 'malformed_request', { rawBody }));
}

function wide(keys: number): string {
  return JSON.stringify(Object.fromEntries(Array.from({ length: keys }, (_, index) => [`key${index}`, index])));
}

function wrongFields(operation: Operation, schema: Schema): BadInput[] {
  const good = exampleBody(schema);
  const missing = (schema.required ?? []).map((name): [string, object] => [`without ${name}`, { ...good, [name]: undefined }]);
  const unknown = [...BUILT_IN_NAMES, '', 'id', 'user_id', 'role', 'created_at', 'version', '$ne', 'title ', 'Title'].filter(
    (name) => !Object.hasOwn(schema.properties ?? {}, name),
  );
  const wrong = Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
    wrongValues(property).map(([what, json]): [string, string] => [`${name}: ${what}`, withField(good, name, json)]),
  );
  const bodies: [string, string][] = [
    ['an empty object', '{}'],
    ...missing.map(([what, body]): [string, string] => [what, JSON.stringify(body)]),
    ...unknown.map((name): [string, string] => [`the unknown field '${name}'`, withField(good, name, '"x"')]),
    ...wrong,
  ];
  return bodies.map(([what, rawBody]) => row(operation, `field: ${what}`, 400, 'validation_failed', { rawBody }));
}

function withField(good: Record<string, unknown>, name: string, json: string): string {
  const others = Object.entries(good).filter(([other]) => other !== name);
  return `{${[...others.map(([other, value]) => `${JSON.stringify(other)}:${JSON.stringify(value)}`), `${JSON.stringify(name)}:${json}`].join(',')}}`;
}

/** As JSON texts, because some have no value in JavaScript. */
function wrongValues(schema: Schema): [what: string, json: string][] {
  const good = JSON.stringify(exampleOf(schema));
  return [
    ['an object', '{}'],
    ['an object with a constructor', '{"constructor":{"name":"String"}}'],
    ['an object like a text', '{"length":1,"0":"a"}'],
    ['an object with a trap', '{"toString":1,"valueOf":1,"then":1}'],
    // Of the operations of a batch, a bad one is refused alone: batch.spec.ts.
    ...(schema.items?.oneOf ? [] : ([['an array of arrays', '[[[[]]]]']] as [string, string][])),
    ...(schema.type === 'array'
      ? []
      : ([
          ['a good value in an array', `[${good}]`],
          ['an empty array', '[]'],
        ] as [string, string][])),
    ...(schema.nullable ? [] : ([['null', 'null']] as [string, string][])),
    ...wrongScalars(schema),
  ];
}

function wrongScalars({ type, format, enum: choices, minimum = 0, maximum = 0, minLength, maxLength }: Schema): [string, string][] {
  if (choices) return ['constructor', '', `${choices[0]} `, choices[0]?.toUpperCase(), 1, true, `${choices[0]}\0`].map(quoted);
  if (format === 'email') return [1, true, ...lookalikeEmails()].map(quoted);
  if (type === 'boolean') return ['true', 1, 0].map(quoted);
  if (type === 'integer' || type === 'number') {
    const numbers = [
      '1e400',
      '-1e400',
      '-0',
      '1e-400',
      '9007199254740993',
      '2147483648',
      String(minimum - 1),
      String(maximum + 1),
      `${maximum}.1`,
      '0.30000000000000004',
    ];
    return [...numbers.map((number): [string, string] => [number, number]), ...[String(minimum), '', true, '1e3'].map(quoted)];
  }
  if (type !== 'string') return [];
  const texts =
    maxLength === undefined
      ? []
      : ['a\0', '\ud800', '\udc00a', 'a\u0007b', 'a\u009fb', '\u202eabc', 'abc\u2066', 'a\u200fb', `a${'\u0301'.repeat(31)}`];
  const long = maxLength === undefined ? [] : ['a'.repeat(maxLength + 1), '😀'.repeat(maxLength + 1), '\u0958'.repeat(maxLength)];
  const empty = minLength === undefined || minLength === 0 ? [] : ['', ' ', '\u3000\t\n'];
  return [1, true, ...texts, ...empty, ...long].map(quoted);
}

function quoted(value: unknown): [string, string] {
  const json = JSON.stringify(value);
  return [json.length > 40 ? `${json.slice(0, 40)}… (${json.length})` : json, json];
}

function wrongMethods(): BadInput[] {
  return [...ALLOWED_METHODS].flatMap(([path, allowed]) =>
    ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'PURGE']
      .filter((method) => !allowed.includes(method))
      .map((method) => ({
        what: 'another method',
        method,
        route: path,
        path: examplePath(path),
        caller: 'user',
        status: 405,
        code: 'method_not_allowed',
      })),
  );
}

function wrongPaths(): BadInput[] {
  const paths = ['/', '/v1', '/v2/watchlists', '/V1/watchlists', '/v01/watchlists', '/watchlists', '//v1/watchlists', '/v1//watchlists'];
  const others = [
    '/v1/watchlists/items/x/y',
    '/v1/constructor',
    '/__proto__',
    '/v1/watchlists%2Fitems',
    '/health;a=b',
    '/health%00',
    '/docs/%2e%2e%2fpackage.json',
  ];
  return [...paths, ...others].map((path) => ({
    what: 'an unknown path',
    method: 'GET',
    route: path,
    path,
    caller: 'user',
    status: 404,
    code: 'not_found',
  }));
}

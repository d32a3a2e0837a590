// Requests that fast-check makes up from the API document: about half of every request is as documented, the rest is anything.
// The same seed gives the same requests, so that what a leg answers can be compared with what another one answers.
import * as fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import { type Operation, OPERATIONS, type Parameter, type Schema } from './api-document.js';
import { type CallerName, callerOf } from './bad-inputs.js';
import { expectEnvelope } from './envelope.js';
import type { Answer, Client } from './http.js';
import { PASSWORD, type Service } from './service.js';
import { lookalikeEmails } from './wrong-values.js';

export const SEED = 20_261_122;
const ADMIN = { ADMIN_EMAIL: 'admin@example.org', ADMIN_PASSWORD: `${PASSWORD} of the administrator` };
/** The environment the service must have been started with. */
export const GENERATED_ENVIRONMENT: Record<string, string> = ADMIN;

export interface GeneratedRequest {
  readonly method: string;
  /** `{item}` stands for the id of an item of the caller. */
  readonly path: string;
  readonly caller: CallerName;
  readonly headers: Record<string, string>;
  readonly rawBody: string | Uint8Array | undefined;
}

/** Status and code: what must be the same on every leg. */
export type Outcome = `${number} ${string}`;

export function generateRequests(seed: number, count: number): GeneratedRequest[] {
  return fc.sample(fc.oneof(...OPERATIONS.map(weighted)).chain(anyRequest), { seed, numRuns: count });
}

/** Sends them one after the other. @throws when an answer is a 5xx or an error outside the envelope */
export async function outcomesOf(service: Service, requests: readonly GeneratedRequest[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let callers = await logIn(service);
  for (const request of requests) {
    const answer = await sendGenerated(callers, request);
    assertAcceptable(request, answer);
    outcomes.push(`${answer.status} ${answer.body?.code ?? ''}`);
    if (endsSomething(request, answer)) callers = await logIn(service);
  }
  return outcomes;
}

/** The caller's session, or the item. */
function endsSomething({ method, path }: GeneratedRequest, { status }: Answer): boolean {
  return status < 300 && (method === 'DELETE' || (method === 'POST' && path.startsWith('/v1/auth')));
}

type Callers = Record<CallerName, Client> & { readonly item: string };

/** With passwords that no generated request can hold, so that none changes them or deletes the account. */
async function logIn(service: Service): Promise<Callers> {
  const credentials = { email: `${crypto.randomUUID()}@example.org`, password: crypto.randomUUID() };
  await service.post('/v1/auth/register', credentials);
  const user = await service.logIn(credentials.email, credentials.password);
  const item = await user.post('/v1/watchlists/items', { title: 'Dune', media_type: 'movie' });
  return { nobody: service, user, admin: await service.logIn(ADMIN.ADMIN_EMAIL, ADMIN.ADMIN_PASSWORD), item: item.body.id };
}

function sendGenerated(callers: Callers, { method, path, caller, headers, rawBody }: GeneratedRequest): Promise<Answer> {
  return callers[caller].request(method, path.replaceAll('{item}', callers.item), { headers, ...(rawBody !== undefined && { rawBody }) });
}

function assertAcceptable(request: GeneratedRequest, answer: Answer): void {
  try {
    if (answer.status >= 500) throw new Error(`${answer.status} ${answer.text}`);
    if (answer.status >= 400 && request.method !== 'HEAD') expectEnvelope(answer);
  } catch (cause) {
    throw new Error(`An answer that must not be, to ${JSON.stringify(request)}`, { cause });
  }
}

/** The more there is to vary, the more often. */
function weighted(operation: Operation): { weight: number; arbitrary: Arbitrary<Operation> } {
  const variety = 1 + operation.query.length + 2 * Object.keys(operation.body?.properties ?? {}).length;
  return { weight: variety, arbitrary: fc.constant(operation) };
}

function anyRequest(operation: Operation): Arbitrary<GeneratedRequest> {
  const method = mostly(operation.method, fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'));
  return method.chain((chosen) =>
    fc.record({
      method: fc.constant(chosen),
      path: anyPath(operation),
      caller: mostly<CallerName>(callerOf(operation), fc.constantFrom('nobody', 'user', 'admin')),
      headers: anyHeaders,
      rawBody: chosen === 'GET' || chosen === 'HEAD' ? fc.constant(undefined) : anyBody(operation),
    }),
  );
}

/** What is documented nine times out of ten. */
function mostly<T>(documented: T, anything: Arbitrary<T>): Arbitrary<T> {
  return fc.oneof({ weight: 9, arbitrary: fc.constant(documented) }, { weight: 1, arbitrary: anything });
}

const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({
    unit: fc.constantFrom(
      '\0',
      '\ud800',
      '\udfff',
      '\u0958',
      '\ufdfa',
      '\u202e',
      '\u200d',
      '\n',
      '%',
      '_',
      '\\',
      "'",
      '"',
      'İ',
      'ß',
      '😀',
      ' ',
    ),
    maxLength: 400,
  }),
  fc.constantFrom(
    '',
    'null',
    'constructor',
    '__proto__',
    'a'.repeat(255),
    'a'.repeat(301),
    'a'.repeat(5_001),
    '😀'.repeat(300),
    '\ufdfa'.repeat(200),
  ),
);

function anyPath({ path, query }: Operation): Arbitrary<string> {
  const id = fc.oneof(
    { weight: 4, arbitrary: fc.constant('{item}') },
    { weight: 1, arbitrary: fc.uuid() },
    { weight: 1, arbitrary: anyText.map(encodedSegment) },
  );
  const parameters = fc.oneof(
    { weight: 3, arbitrary: documentedQuery(query) },
    { weight: 1, arbitrary: anyText.map((text) => `?${encoded(text)}`) },
  );
  return fc.tuple(id, parameters).map(([value, search]) => `${path.replace(/\{\w+\}/, () => value)}${search}`);
}

/** A segment that is nothing but dots would be resolved away before it is sent. */
function encodedSegment(text: string): string {
  return encoded(text).replaceAll('.', 'x');
}

/** Half a surrogate pair has no escape; a client that is not careful sends it as three bytes. */
function encoded(text: string): string {
  return [...text].map((character) => (character.isWellFormed() ? encodeURIComponent(character) : '%ED%A0%80')).join('');
}

function documentedQuery(parameters: readonly Parameter[]): Arbitrary<string> {
  return fc
    .subarray([...parameters])
    .chain((chosen) =>
      fc
        .tuple(...chosen.map(({ name, schema }) => anyValue(schema).map((value) => `${name}=${encoded(String(value))}`)))
        .map((pairs) => (pairs.length > 0 ? `?${pairs.join('&')}` : '')),
    );
}

/** As the schema describes it, or anything. */
function anyValue(schema: Schema): Arbitrary<unknown> {
  return fc.oneof(
    { weight: 7, arbitrary: goodValue(schema) },
    { weight: 1, arbitrary: fc.oneof(anyText, fc.jsonValue({ maxDepth: 2 }), anyNumber) },
  );
}

const anyNumber = fc.oneof(fc.double(), fc.maxSafeInteger(), fc.constantFrom(-0, 0.1 + 0.2, 2 ** 31, 2 ** 53, -1, 1e21));

function goodValue({
  type,
  format,
  items,
  example,
  enum: choices,
  minimum,
  maximum,
  maxLength = 20,
  nullable,
}: Schema): Arbitrary<unknown> {
  const good = ((): Arbitrary<unknown> => {
    if (items) return fc.uniqueArray(goodValue(items), { minLength: 1, maxLength: 3 });
    if (choices) return fc.constantFrom(...choices);
    if (type === 'boolean') return fc.boolean();
    if (type === 'integer')
      return fc.integer({ ...(minimum !== undefined && { min: minimum }), ...(maximum !== undefined && { max: maximum }) });
    if (type === 'number') return fc.integer({ min: 2 * (minimum ?? 0), max: 2 * (maximum ?? 100) }).map((halves) => halves / 2);
    if (format === 'date-time')
      return fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true }).map((date) => date.toISOString());
    if (format === 'email') return fc.oneof(fc.emailAddress(), fc.constantFrom('ada@example.org', ...lookalikeEmails()));
    return fc.string({ unit: 'grapheme', minLength: 1, maxLength: Math.min(maxLength, 30) });
  })();
  return fc.oneof(good, ...(example === undefined ? [] : [fc.constant(example)]), ...(nullable ? [fc.constant(null)] : []));
}

function anyBody({ body = {} }: Operation): Arbitrary<string | Uint8Array | undefined> {
  const { properties = {}, required = [] } = body;
  const documented = fc.record(Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, anyValue(schema)])), {
    requiredKeys: [...required],
  });
  const extended = fc
    .tuple(documented, fc.dictionary(anyText, fc.jsonValue({ maxDepth: 3 }), { maxKeys: 3 }))
    .map(([known, more]) => ({ ...more, ...known }));
  return fc.oneof(
    { weight: 10, arbitrary: documented.map((value) => JSON.stringify(value)) },
    { weight: 2, arbitrary: extended.map((value) => JSON.stringify(value)) },
    { weight: 2, arbitrary: fc.json({ maxDepth: 20 }) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );
}

/** Printable and in Latin 1, as clients can send them. */
const anyHeader = fc.oneof(
  fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 140 }).map((text) => text.trim()),
  fc.constantFrom(
    '*',
    '"1"',
    'W/"1"',
    '"1", "2"',
    'bytes=0-1',
    'text/html',
    'gzip',
    'identity',
    'application/json',
    'text/plain',
    'a=b; c',
  ),
);

const anyHeaders: Arbitrary<Record<string, string>> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc.dictionary(
      fc.constantFrom(
        'X-Request-ID',
        'If-Match',
        'If-None-Match',
        'Idempotency-Key',
        'Accept',
        'Accept-Language',
        'Range',
        'Cookie',
        'Content-Type',
        'Content-Encoding',
        'X-Forwarded-For',
        'Prefer',
      ),
      anyHeader,
      { maxKeys: 4 },
    ),
  },
);

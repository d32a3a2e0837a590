// Reads a JSON body the strict way, before any other code sees it: bounded depth and width, no duplicate and no prototype
// keys, valid UTF-8, an object. A deeply nested or very wide body would otherwise overflow or block what validates it.
import { ApiError } from './api-error.js';

const DEEPEST = 16;
const MOST_KEYS = 64;
/** In one list; what lists are for has far fewer, and validation would copy them all before it counts. */
const MOST_ENTRIES = 20_000;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

const optionalBodies = new WeakSet<object>();

/** The body of this DTO may be left out altogether: then it is read as `{}`. */
export const OptionalBody = (): ClassDecorator => (dto) => void optionalBodies.add(dto);

/** Whether nothing was sent where nothing has to be. @param dto the class the body is to become */
export function isLeftOut(body: unknown, dto: object | undefined): boolean {
  const empty = body === undefined || body === null || (Buffer.isBuffer(body) && body.length === 0);
  return empty && dto !== undefined && optionalBodies.has(dto);
}

/** @throws ApiError `malformed_request` */
export function parseJsonBody(body: unknown): object {
  if (!Buffer.isBuffer(body) || body.length === 0) throw malformed('A JSON object is needed as the body.');
  const text = decode(body);
  assertBounded(text);
  const value = parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed('The body must be a JSON object.');
  return value;
}

function decode(body: Buffer): string {
  try {
    return utf8.decode(body);
  } catch {
    throw malformed('The body is not valid UTF-8.');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed('The body is not valid JSON.');
  }
}

interface Level {
  /** The keys of an object so far; `undefined` inside an array. */
  readonly keys: Set<string> | undefined;
  entries: number;
}

/**
 * One pass over the text, before it is parsed: JSON.parse would silently keep the last of two equal keys.
 * Text that is not JSON may pass here; parsing refuses it afterwards.
 */
function assertBounded(text: string): void {
  const levels: Level[] = [];
  for (let position = 0; position < text.length; position++) {
    const character = text[position];
    if (character === '{' || character === '[') {
      levels.push({ keys: character === '{' ? new Set() : undefined, entries: 1 });
      if (levels.length > DEEPEST) throw malformed(`The body is nested deeper than ${DEEPEST} levels.`);
    } else if (character === '}' || character === ']') {
      levels.pop();
    } else if (character === ',') {
      const level = levels.at(-1);
      if (level) countEntry(level);
    } else if (character === '"') {
      const end = endOfString(text, position);
      rememberKey(levels.at(-1), text, position, end);
      position = end;
    }
  }
}

function countEntry(level: Level): void {
  level.entries++;
  if (level.keys && level.entries > MOST_KEYS) throw malformed(`An object in the body has more than ${MOST_KEYS} keys.`);
  if (level.entries > MOST_ENTRIES) throw malformed(`A list in the body has more than ${MOST_ENTRIES} entries.`);
}

/** @returns the position of the closing quote, or of the end of an unfinished text */
function endOfString(text: string, start: number): number {
  for (let position = start + 1; position < text.length; position++) {
    if (text[position] === '\\') position++;
    else if (text[position] === '"') return position;
  }
  return text.length;
}

const AFTER_KEY = /\s*:/y;

function rememberKey(level: Level | undefined, text: string, start: number, end: number): void {
  AFTER_KEY.lastIndex = end + 1;
  if (!level?.keys || !AFTER_KEY.test(text)) return;
  const key = String(parse(text.slice(start, end + 1)));
  if (key === '__proto__') throw malformed('The body has a key that is not allowed.');
  if (level.keys.has(key)) throw malformed('The body has the same key twice.');
  level.keys.add(key);
}

function malformed(message: string): ApiError {
  return new ApiError('malformed_request', { message });
}

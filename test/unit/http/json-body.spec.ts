import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { ApiError } from '../../../src/http/api-error.js';
import { parseJsonBody } from '../../../src/http/json-body.js';

const parse = (text: string): object => parseJsonBody(Buffer.from(text));

/** What a body is refused with, or `undefined` when it is accepted. */
function refusal(body: unknown): string | undefined {
  try {
    parseJsonBody(typeof body === 'string' ? Buffer.from(body) : body);
    return undefined;
  } catch (error) {
    if (error instanceof ApiError && error.status === 400) return error.code;
    throw error;
  }
}

const nested = (depth: number, open: string, close: string): string => `{"a":${open.repeat(depth - 1)}1${close.repeat(depth - 1)}}`;
const wide = (keys: number): string => `{${Array.from({ length: keys }, (_, index) => `"k${index}":[1,2]`).join(',')}}`;

describe('a JSON body', () => {
  it.each([
    ['nothing at all', undefined],
    ['an empty body', ''],
    ['white space', ' \n'],
    ['a number', '1'],
    ['a text', '"a"'],
    ['null', 'null'],
    ['a list', '[]'],
    ['broken JSON', '{"a":1'],
    ['an unfinished text', '{"a":"b'],
    ['an unfinished escape', '{"a":"\\'],
    ['a trailing comma', '{"a":1,}'],
    ['two objects', '{}{}'],
    ['single quotes', "{'a':1}"],
    ['a comment', '{"a":1}//'],
    ['NaN', '{"a":NaN}'],
    ['a raw line break in a text', '{"a":"\n"}'],
    ['closing what was not opened', ']}'],
  ])('is refused as %s', (_, body) => {
    expect(refusal(body)).toBe('malformed_request');
  });

  it('is accepted with a byte order mark and white space around it', () => {
    expect(parse('\uFEFF \r\n\t{ "a" : 1 } \n')).toEqual({ a: 1 });
  });
});

describe('depth', () => {
  it.each([
    ['lists', '[', ']'],
    ['objects', '{"a":', '}'],
  ])('of 16 %s is accepted, of 17 refused', (_, open, close) => {
    expect(refusal(nested(16, open, close))).toBeUndefined();
    expect(refusal(nested(17, open, close))).toBe('malformed_request');
  });

  it('is that of the structure: brackets in texts and neighbours do not count', () => {
    expect(
      refusal(JSON.stringify({ a: '[{'.repeat(40), '[[[[[[[[[[[[[[[[[[': 1, b: Array.from({ length: 40 }, () => [[]]) })),
    ).toBeUndefined();
  });
});

describe('width', () => {
  it('of 64 keys is accepted, of 65 refused, at any depth', () => {
    expect(refusal(wide(64))).toBeUndefined();
    expect(refusal(wide(65))).toBe('malformed_request');
    expect(refusal(`{"a":[${wide(64)}]}`)).toBeUndefined();
    expect(refusal(`{"a":[${wide(65)}]}`)).toBe('malformed_request');
  });

  it('of a list of 20,000 entries is accepted, of one more refused', () => {
    const list = (entries: number): string => JSON.stringify({ a: Array(entries).fill(0) });

    expect(refusal(list(20_000))).toBeUndefined();
    expect(refusal(list(20_001))).toBe('malformed_request');
  });

  it('is that of one object: commas of lists and texts and neighbouring objects do not count', () => {
    expect(
      refusal(JSON.stringify({ a: Array(1_000).fill(0), b: ','.repeat(1_000), c: Array.from({ length: 100 }, () => ({ x: 1, y: 2 })) })),
    ).toBeUndefined();
  });

  it('is decided in one pass, so that a hostile body of the largest size blocks nothing', () => {
    const start = performance.now();

    for (const hostile of [
      '{"a":' + '['.repeat(65_000),
      `{${'"a":1,'.repeat(9_000)}`,
      `{"${'\\'.repeat(65_000)}`,
      `{"a"${' '.repeat(65_000)}`,
    ]) {
      expect(refusal(hostile)).toBe('malformed_request');
    }

    expect(performance.now() - start).toBeLessThan(1_000);
  });
});

describe('keys', () => {
  it.each([
    ['twice', '{"a":1,"a":2}'],
    ['twice with something between', '{"a":1,"b":{"a":1},"c":[{"a":1}],"a":2}'],
    ['twice, once escaped', String.raw`{"a":1,"\u0061":2}`],
    ['twice, escaped in two cases', String.raw`{"\u00e9":1,"\u00E9":2}`],
    ['twice, deep inside', '{"x":[{"y":{"a":1,"a":2}}]}'],
    ['twice, with white space before the colon', '{"a" \n:1,"a"\t:2}'],
    ['__proto__', '{"__proto__":{"admin":true}}'],
    ['__proto__, escaped', String.raw`{"\u005f\u005fproto\u005f_":1}`],
    ['__proto__, deep inside', '{"x":[{"__proto__":1}]}'],
    ['with an escape that is none', String.raw`{"\x61":1}`],
  ])('are refused: %s', (_, body) => {
    expect(refusal(body)).toBe('malformed_request');
  });

  it.each([
    ['equal keys of two objects', '{"a":{"x":1},"b":{"x":1},"c":[{"x":1},{"x":1}]}'],
    ['equal texts that are no keys', '{"a":["b","b","b"],"c":"a","d":"a"}'],
    ['a text that looks like a key', String.raw`{"a":"\"b\":1,\"b\":2,\"__proto__\":3"}`],
    ['names that an object has by nature', '{"constructor":1,"toString":2,"prototype":3}'],
    ['keys that differ by case alone', '{"a":1,"A":2}'],
  ])('are accepted: %s', (_, body) => {
    expect(parse(body)).toEqual(JSON.parse(body));
  });
});

describe('encoding', () => {
  it.each([
    ['a lone continuation byte', [0x80]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['an encoded surrogate', [0xed, 0xa0, 0x80]],
    ['a code point past the last', [0xf4, 0x90, 0x80, 0x80]],
    ['a text cut in the middle of a character', [0xf0, 0x9f, 0x8e]],
  ])('other than UTF-8 is refused: %s', (_, bytes) => {
    expect(refusal(Buffer.concat([Buffer.from('{"a":"'), Buffer.from(bytes), Buffer.from('"}')]))).toBe('malformed_request');
  });

  it('UTF-16 is refused', () => {
    expect(refusal(Buffer.from('{"a":1}', 'utf16le'))).toBe('malformed_request');
  });
});

describe('whatever comes', () => {
  const key = fc.string({ unit: 'binary', maxLength: 8 }).filter((name) => name !== '__proto__');
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', maxDepth: 14, withCrossShrink: true },
      fc.oneof(fc.string({ unit: 'binary' }), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null)),
      fc.array(tie('value'), { maxLength: 6 }),
      fc.dictionary(key, tie('value'), { maxKeys: 6, noNullPrototype: true }),
    ),
  }));
  const object = fc.dictionary(key, value, { maxKeys: 64, noNullPrototype: true });

  /** The same JSON as a stranger may write it: with or without white space, every character outside ASCII escaped or none. */
  const writings = fc.tuple(object, fc.constantFrom(undefined, 1, '\t', '\r\n '), fc.boolean()).map(([written, indent, escaped]) => {
    const text = JSON.stringify(written, null, indent);
    const escape = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
    return escaped ? text.replace(/[\u007f-\uffff]/g, escape) : text;
  });

  it('an object within the bounds is read as JSON.parse reads it', () => {
    fc.assert(
      fc.property(writings, (text) => expect(parse(text)).toEqual(JSON.parse(text))),
      { numRuns: 500 },
    );
  });

  it('anything else is either that or refused as malformed', () => {
    const fragment = fc.constantFrom('{', '}', '[', ']', '"', '\\', ',', ':', '1', 'a', ' ', '"a":', '\u2028', 'null');
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 40 }), (fragments) => {
        const text = fragments.join('');
        expect(refusal(text) ?? parse(text)).toEqual(refusal(text) ?? JSON.parse(text));
      }),
      { numRuns: 1_000 },
    );
  });
});

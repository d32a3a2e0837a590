import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { loadConfig } from '../../../src/config/config.js';
import { ApiError } from '../../../src/http/api-error.js';
import { Cursors, type Position } from '../../../src/http/cursor.js';

const cursorsSignedWith = (character: string): Cursors => new Cursors(loadConfig({ JWT_SECRET: character.repeat(32) }));

const cursors = cursorsSignedWith('s');
const QUERY = 'items 0198 -created_at {}';
const POSITION: Position = { key: '2026-11-22T08:14:08.123Z', id: '01980000-0000-7000-8000-000000000001', offset: 20 };

/** What a cursor is refused with, or `undefined` when it is accepted. */
function refusal(cursor: string, query = QUERY): unknown {
  try {
    cursors.decode(cursor, query);
    return undefined;
  } catch (error) {
    if (error instanceof ApiError) return [error.code, error.details];
    throw error;
  }
}

const REFUSED = ['validation_failed', { fields: [{ field: 'cursor', message: 'is not one that this query gave' }] }];

describe('a cursor', () => {
  it('gives back the position it was made of', () => {
    const key = fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.constant(null));
    const position = fc.record({ key, id: fc.uuid(), offset: fc.nat() });
    fc.assert(
      fc.property(position, fc.string(), (made, query) => {
        const cursor = cursors.encode(made, query);
        expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
        expect(cursors.decode(cursor, query)).toEqual(made);
      }),
    );
  });

  it('is refused with any one bit of it flipped', () => {
    const bytes = Buffer.from(cursors.encode(POSITION, QUERY), 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = Buffer.from(bytes);
      flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(refusal(flipped.toString('base64url'))).toEqual(REFUSED);
    }
  });

  it('is refused when it is cut anywhere or made longer', () => {
    const cursor = cursors.encode(POSITION, QUERY);
    for (let length = 0; length < cursor.length; length++) expect(refusal(cursor.slice(0, length))).toEqual(REFUSED);
    expect(refusal(`${cursor}AAAA`)).toEqual(REFUSED);
  });

  it.each(['', 'x', '0', 'null', '../../etc/passwd', 'A'.repeat(22), 'A'.repeat(10_000), '\uD800', '%00'])('is refused as %j', (cursor) => {
    expect(refusal(cursor)).toEqual(REFUSED);
  });

  it('is refused with another query than its own', () => {
    const cursor = cursors.encode(POSITION, QUERY);

    expect(refusal(cursor, QUERY)).toBeUndefined();
    expect(refusal(cursor, `${QUERY} `)).toEqual(REFUSED);
    expect(refusal(cursor, '')).toEqual(REFUSED);
  });

  it('is refused when another secret signed it', () => {
    expect(refusal(cursorsSignedWith('o').encode(POSITION, QUERY))).toEqual(REFUSED);
  });
});

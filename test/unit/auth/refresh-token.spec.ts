import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { readRefreshToken, writeRefreshToken } from '../../../src/auth/refresh-token.js';
import { SigningKeys } from '../../../src/auth/signing-keys.js';
import { loadConfig } from '../../../src/config/config.js';

const keysOf = (character: string): SigningKeys => new SigningKeys(loadConfig({ JWT_SECRET: character.repeat(32) }));

const keys = keysOf('s');
const TOKEN = { sessionId: '01980000-0000-7000-8000-000000000001', count: 41 };
const written = writeRefreshToken(keys, TOKEN);

describe('a refresh token', () => {
  it('gives back the session and the number it was made of', () => {
    expect(readRefreshToken(keys, written)).toEqual(TOKEN);
  });

  it('is safe in a header, a cookie and a URL', () => {
    expect(written).toMatch(/^[A-Za-z0-9._-]+$/);
  });

  it('is none with any one character of it changed', () => {
    for (let index = 0; index < written.length; index++) {
      // The last character carries four bits that count; A and Q differ in one of them.
      const changed = written[index] === 'Q' ? 'A' : 'Q';
      expect(readRefreshToken(keys, written.slice(0, index) + changed + written.slice(index + 1))).toBeUndefined();
    }
  });

  it('is none for another number or session under the same signature', () => {
    expect(readRefreshToken(keys, written.replace('.41.', '.42.'))).toBeUndefined();
    expect(readRefreshToken(keys, written.replace('0001', '0002'))).toBeUndefined();
  });

  it('is none when another secret signed it', () => {
    expect(readRefreshToken(keysOf('o'), written)).toBeUndefined();
  });

  it('is signed with another key than access tokens are', () => {
    expect(keys.signRefreshToken('x')).not.toEqual(createHmac('sha256', keys.current.accessToken).update('x').digest());
  });

  it.each([
    '',
    '.',
    '..',
    'x',
    written.slice(0, -1),
    `${written}=`,
    ` ${written}`,
    `${written}\n`,
    `${written}.`,
    written.repeat(2),
    'a'.repeat(10_000),
  ])('is none as %j', (text) => {
    expect(readRefreshToken(keys, text)).toBeUndefined();
  });
});

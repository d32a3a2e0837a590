// Values that look right to careless code: tokens nobody issued, e-mail addresses that are none or pass for another.
import { createHmac } from 'node:crypto';

/** What is wrong with it, and the whole `Authorization` header; an empty one means: none. */
export function wrongTokens(): [what: string, authorization: string][] {
  const claims = {
    sub: '01a20300-0000-7000-8000-000000000000',
    sid: '01a20300-0000-7000-8000-000000000001',
    iss: 'watchlist',
    aud: 'watchlist-api',
  };
  const inAnHour = Math.floor(Date.now() / 1_000) + 3_600;
  return [
    ['no token', ''],
    ['a scheme alone', 'Bearer'],
    ['another scheme', 'Basic YWRtaW46YWRtaW4='],
    ['a token without its scheme', forged({ alg: 'HS256' }, { ...claims, exp: inAnHour })],
    ['something that is no token', 'Bearer null'],
    ['three dots', 'Bearer ...'],
    ['a token of an unknown key', `Bearer ${forged({ alg: 'HS256', typ: 'JWT' }, { ...claims, exp: inAnHour })}`],
    ['a token without a signature', `Bearer ${unsigned({ alg: 'none' }, { ...claims, exp: inAnHour })}`],
    ['a token that names its own key', `Bearer ${forged({ alg: 'HS256', jwk: { kty: 'oct', k: 'AA' } }, { ...claims, exp: inAnHour })}`],
    ['a token at length', `Bearer ${'a'.repeat(8_000)}`],
  ];
}

function forged(header: object, claims: object): string {
  const content = unsigned(header, claims).slice(0, -1);
  return `${content}.${createHmac('sha256', 'not the key').update(content).digest('base64url')}`;
}

function unsigned(header: object, claims: object): string {
  return `${[header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.`;
}

export function lookalikeEmails(): string[] {
  return [
    '',
    'ada',
    '@example.org',
    'ada@',
    'ada@example',
    'ada@localhost',
    'ada@@example.org',
    'ada@example..org',
    'ada@.example.org',
    'ada@example.org.',
    '.ada@example.org',
    'ada.@example.org',
    'a..da@example.org',
    'ada lovelace@example.org',
    'ada@exam ple.org',
    '"ada"@example.org',
    'ada(comment)@example.org',
    'Ada <ada@example.org>',
    'ada@example.org,eve@example.org',
    'ada@example.org\r\nBcc: eve@example.org',
    'ada@[127.0.0.1]',
    'ada@127.0.0.1',
    'ada@-example.org',
    'ada@example-.org',
    'ada@exam_ple.org',
    'ada\0@example.org',
    'ada@example.org\0',
    'ada@example.org\0.com',
    'a\u200bda@example.org',
    'ada@exam\u00adple.org',
    'аda@example.org',
    '\u212aate@example.org',
    'ada＠example.org',
    'ada@example.org\ud800',
    `${'a'.repeat(65)}@example.org`,
    `ada@${'a'.repeat(64)}.org`,
    `ada@${'abcdefg.'.repeat(32)}org`,
  ];
}

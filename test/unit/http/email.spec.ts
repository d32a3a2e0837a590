import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { normaliseEmail } from '../../../src/http/email.js';

const LABEL = 'a'.repeat(63);

describe('an e-mail address', () => {
  it.each([
    ['stays as it is', 'ada@example.org', 'ada@example.org'],
    ['is trimmed', ' \t ada@example.org\n', 'ada@example.org'],
    ['is lower-cased', 'Ada.Lovelace@EXAMPLE.Org', 'ada.lovelace@example.org'],
    ['may have a tag', 'ada+films@example.org', 'ada+films@example.org'],
    ['may have every character of RFC 5321', "!#$%&'*+/=?^_`{|}~-@example.org", "!#$%&'*+/=?^_`{|}~-@example.org"],
    ['keeps an international domain as punycode', 'ada@Bücher.example', 'ada@xn--bcher-kva.example'],
    ['takes punycode as it is', 'ada@xn--bcher-kva.example', 'ada@xn--bcher-kva.example'],
    ['takes a domain in another script', 'ada@пример.рф', 'ada@xn--e1afmkfd.xn--p1ai'],
    ['has one form for a composed and a decomposed domain', 'ada@bu\u0308cher.example', 'ada@xn--bcher-kva.example'],
    ['has one form for a full-width domain', 'ada@ｅｘａｍｐｌｅ.org', 'ada@example.org'],
    ['has one form for a Kelvin sign in the domain', 'ada@\u212Aelvin.org', 'ada@kelvin.org'],
    ['may have a local part of 64', `${'a'.repeat(64)}@example.org`, `${'a'.repeat(64)}@example.org`],
    ['may have labels of 63', `a@${LABEL}.org`, `a@${LABEL}.org`],
    ['may have 254 characters', `${'a'.repeat(58)}@${LABEL}.${LABEL}.${LABEL}.org`, `${'a'.repeat(58)}@${LABEL}.${LABEL}.${LABEL}.org`],
  ])('%s', (_, input, expected) => {
    expect(normaliseEmail(input)).toBe(expected);
  });

  it.each([
    ['nothing', ''],
    ['no at sign', 'ada.example.org'],
    ['no local part', '@example.org'],
    ['no domain', 'ada@'],
    ['a domain of one label', 'ada@localhost'],
    ['two at signs', 'ada@lovelace@example.org'],
    ['white space inside', 'ada lovelace@example.org'],
    ['a dot at the start', '.ada@example.org'],
    ['a dot at the end of the local part', 'ada.@example.org'],
    ['two dots', 'ada..lovelace@example.org'],
    ['quotes', '"ada lovelace"@example.org'],
    ['a comment', 'ada(films)@example.org'],
    ['a display name', 'Ada <ada@example.org>'],
    ['an address of a machine', 'ada@127.0.0.1'],
    ['a literal address', 'ada@[127.0.0.1]'],
    ['an address of a machine in disguise', 'ada@0x7f.1'],
    ['a label that starts with a hyphen', 'ada@-example.org'],
    ['a label that ends with a hyphen', 'ada@example-.org'],
    ['an empty label', 'ada@example..org'],
    ['a dot at the end', 'ada@example.org.'],
    ['a last label of digits', 'ada@example.123'],
    ['a port', 'ada@example.org:25'],
    ['a path', 'ada@example.org/x'],
    ['a percent sign in the domain', 'ada@ex%61mple.org'],
    ['NUL', 'ada\0@example.org'],
    ['a line break that would forge a header', 'ada@example.org\r\nBcc: eve@example.org'],
    ['a Kelvin sign, which looks like and lower-cases to a k', '\u212Aelvin@example.org'],
    ['a Cyrillic letter that looks like an a', '\u0430da@example.org'],
    ['a full-width letter', 'ａda@example.org'],
    ['an accent', 'adà@example.org'],
    ['a zero-width space in the local part', 'a\u200Bda@example.org'],
    ['a zero-width space in the domain', 'ada@exa\u200Bmple.org'],
    ['a soft hyphen in the domain', 'ada@exam\u00ADple.org'],
    ['a right-to-left override', 'ada@\u202Eexample.org'],
    ['an ideographic full stop', 'ada@example\u3002org'],
    ['a lone surrogate', 'ada@\uD800.org'],
    ['punycode that stands for nothing', 'ada@xn--a.org'],
    ['a local part of 65', `${'a'.repeat(65)}@example.org`],
    ['a label of 64', `a@a${LABEL}.org`],
    ['255 characters', `${'a'.repeat(59)}@${LABEL}.${LABEL}.${LABEL}.org`],
    ['255 characters once it is punycode', `${'a'.repeat(40)}@${'ü'.repeat(50)}.${LABEL}.${LABEL}.${LABEL}.org`],
  ])('is refused with %s', (_, input) => {
    expect(normaliseEmail(input)).toBeUndefined();
  });

  it('in its normal form is its own normal form, in plain ASCII and bounded', () => {
    const input = fc.oneof(
      fc.emailAddress(),
      fc
        .tuple(fc.string({ maxLength: 70 }), fc.string({ unit: 'grapheme', maxLength: 70 }))
        .map(([local, domain]) => `${local}@${domain}.org`),
    );
    fc.assert(
      fc.property(input, (text) => {
        const email = normaliseEmail(text);
        if (email === undefined) return;
        expect(normaliseEmail(email)).toBe(email);
        expect(email).toMatch(/^[\x21-\x7e]{3,254}$/);
        expect(email).toBe(email.toLowerCase());
      }),
      { numRuns: 2_000 },
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import { passwordProblem } from '../../../src/auth/password-rules.js';

const EMAIL = 'ada.lovelace@example.org';

describe('a password', () => {
  it.each([
    ['of eight characters', 'xq7vzkwp'],
    ['of eight characters beyond ASCII', 'пароль-ю'],
    ['of eight emoji', '🎬🎭🎨🎪🎻🎺🎸🥁'],
    ['of letters alone: nothing is asked of its composition', 'correcthorsebattery'],
    ['with spaces, also around it', '  a b c d  '],
    ['of 72 bytes', 'x'.repeat(72)],
    ['of 72 bytes in 36 characters', 'é'.repeat(36)],
    ['that only holds the e-mail address', `${EMAIL}!`],
    ['that only holds a common one', 'password is password'],
  ])('is accepted %s', (_, password) => {
    expect(passwordProblem(password, EMAIL)).toBeUndefined();
  });

  it.each([
    ['empty', '', /at least 8 characters/],
    ['of seven characters', 'xq7vzkw', /at least 8 characters/],
    ['of seven emoji, which are fourteen UTF-16 units', '🎬🎭🎨🎪🎻🎺🎸', /at least 8 characters/],
    ['of 73 bytes: bcrypt would not read the last one', 'x'.repeat(73), /at most 72 bytes/],
    ['of 74 bytes in 37 characters', 'é'.repeat(37), /at most 72 bytes/],
    ['that is a common one', 'password', /most common/],
    ['that is a common one in capitals', 'PASSWORD1', /most common/],
    ['that is a row of keys', 'qwertyuiop', /most common/],
    ['that is a row of digits', '1234567890', /most common/],
    ['that is the e-mail address', EMAIL, /e-mail/],
    ['that is the e-mail address in capitals', EMAIL.toUpperCase(), /e-mail/],
    ['with NUL, where bcrypt would stop reading', 'correct\0horse battery', /well-formed/],
    ['with half a character', 'correct horse \uD83C', /well-formed/],
  ])('is refused %s', (_, password, problem) => {
    expect(passwordProblem(password, EMAIL)).toMatch(problem);
  });
});

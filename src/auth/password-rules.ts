// Which passwords are accepted: NIST SP 800-63B-4 section 3.1.1.2 (length and a list of common ones, no composition rules).
import { dictionary } from '@zxcvbn-ts/language-common';
import { lengthOf } from '../http/text.js';
import { LONGEST_PASSWORD_BYTES } from './password-hasher.js';

const SHORTEST = 8;

const common = new Set(dictionary['passwords-common'].filter((password) => password.length >= SHORTEST));

/** @returns what is wrong with the password, or nothing */
export function passwordProblem(password: string, email: string): string | undefined {
  if (!password.isWellFormed() || password.includes('\0')) return 'must be well-formed text';
  if (lengthOf(password) < SHORTEST) return `must have at least ${SHORTEST} characters`;
  if (Buffer.byteLength(password) > LONGEST_PASSWORD_BYTES) return `must have at most ${LONGEST_PASSWORD_BYTES} bytes in UTF-8`;
  if (common.has(password.toLowerCase())) return 'is one of the most common passwords';
  if (password.toLowerCase() === email) return 'must not be the e-mail address';
  return undefined;
}

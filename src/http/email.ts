// E-mail addresses in one form, so that no two accounts are the same or look alike.
import { domainToASCII } from 'node:url';

const LONGEST = 254;
const LONGEST_LOCAL_PART = 64;
/** RFC 5321 section 4.1.2, Dot-string: printable ASCII, no quotes, no dot at either end or twice. */
const LOCAL_PART = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
/** At least two labels; the last one is no number, so an address of a machine is none. */
const DOMAIN = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

/**
 * Trimmed and lower-cased, an international domain as punycode.
 * @returns nothing when it is not an e-mail address
 */
export function normaliseEmail(input: string): string | undefined {
  const trimmed = input.trim();
  const at = trimmed.lastIndexOf('@');
  if (at < 1 || trimmed.length > LONGEST) return undefined;
  // Checked before lower-casing, which would turn the Kelvin sign into a plain k.
  const localPart = /^[\x21-\x7e]+$/.test(trimmed.slice(0, at)) ? trimmed.slice(0, at).toLowerCase() : '';
  const domain = normaliseDomain(trimmed.slice(at + 1));
  const email = `${localPart}@${domain}`;
  const acceptable = localPart.length <= LONGEST_LOCAL_PART && LOCAL_PART.test(localPart) && DOMAIN.test(domain) && email.length <= LONGEST;
  return acceptable ? email : undefined;
}

/** Refused before the URL rules would drop or translate something nobody sees. */
function normaliseDomain(domain: string): string {
  const visible = /^[\p{L}\p{N}\p{M}.-]+$/u.test(domain);
  return visible ? domainToASCII(domain) : '';
}

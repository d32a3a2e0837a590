// What text may enter the service: the same on both engines, and nothing that hides or reorders what people read.

/** C0 and C1 controls, line and paragraph separators; a note may have line breaks and tabs. */
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/u;
const CONTROL_BUT_LINES = /[^\P{Cc}\n\t]/u;
/** Embeddings, overrides, isolates and marks: they make text read otherwise than it is stored (Unicode TR 36, section 2.4). */
const BIDI = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/u;
/** Nothing is drawn for them (Unicode's Default_Ignorable_Code_Point), but for those that choose how the sign before is drawn. */
const ZERO_WIDTH = /[^\P{DI}\p{VS}]/u;

/** More than any language puts on one sign (UAX 15, section 13); to bring many into order takes the square of their number. */
const PILE_OF_MARKS = /\p{M}{31}/u;

/** How long people take a text to be: in code points. */
export function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length++;
  return length;
}

/** Whether it can be brought into a normal form, and in a short time. */
export function isNormalisable(text: string): boolean {
  return text.isWellFormed() && !PILE_OF_MARKS.test(text);
}

export function isOneLine(text: string): boolean {
  return isNormalisable(text) && !CONTROL.test(text) && !BIDI.test(text) && !ZERO_WIDTH.test(text);
}

export function isManyLines(text: string): boolean {
  return isNormalisable(text) && !CONTROL_BUT_LINES.test(text) && !BIDI.test(text);
}

/**
 * How text is compared and searched: compatibility forms, case and runs of spaces make no difference.
 * Lower-casing writes the Greek s otherwise at the end of a word, where the beginning of a longer word would not be found.
 */
export function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase().normalize('NFKC').replaceAll('ς', 'σ').replace(/\s+/gu, ' ').trim();
}

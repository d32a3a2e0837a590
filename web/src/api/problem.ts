// What a call can fail with: the service's own answer, or none at all.

/** The service's envelope: `code` decides, `requestId` finds it in the log. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly requestId: string,
    readonly details: Readonly<Record<string, unknown>> = {},
    readonly retryAfterSeconds?: number,
  ) {
    super(message);
    this.name = 'Problem';
  }

  /** Whether asking again later may help, without a change of what is asked. */
  get passes(): boolean {
    return this.status === 429 || this.status >= 500 || this.code === 'idempotency_in_progress';
  }

  /** What is wrong with each field. */
  get fields(): readonly { readonly field: string; readonly message: string }[] {
    return Array.isArray(this.details.fields) ? this.details.fields : [];
  }
}

/** No answer came, or none of the service's. */
export class Unreachable extends Error {
  constructor(cause?: unknown) {
    super('The service cannot be reached.', { cause });
    this.name = 'Unreachable';
  }
}

/** In plain words, with the field where one is to blame. */
export function wordsFor(error: unknown): string {
  if (error instanceof Problem) {
    const [first] = error.fields;
    return first ? `${sentenceCase(first.field.replaceAll('_', ' '))} ${first.message}.` : error.message;
  }
  return error instanceof Unreachable ? error.message : 'Something went wrong in this page. Reload it to go on.';
}

function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

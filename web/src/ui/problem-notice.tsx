// What went wrong, in plain words, with `code · request id` to copy for whoever looks into the log.
import type { ComponentChildren } from 'preact';
import { Problem, wordsFor } from '../api/problem.js';
import { CopyButton } from './copy-button.js';

export function ProblemNotice({ error, children }: { readonly error: unknown; readonly children?: ComponentChildren }) {
  return (
    <div class="notice problem" role="alert">
      <p>{wordsFor(error)}</p>
      <RequestId error={error} />
      {children}
    </div>
  );
}

/** Nothing for what was no answer of the service. */
export function RequestId({ error }: { readonly error: unknown }) {
  if (!(error instanceof Problem)) return null;
  const text = `${error.code} · ${error.requestId}`;
  return (
    <span class="request-id">
      {text}
      <CopyButton text={text} what="code and request id" />
    </span>
  );
}

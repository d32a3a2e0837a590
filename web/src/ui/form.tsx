// A form that is sent as a whole: emptied when it went well, with what is wrong beside each field when it did not.
import type { ComponentChildren } from 'preact';
import { Problem } from '../api/problem.js';
import { ProblemNotice } from './problem-notice.js';

interface Props {
  readonly action: string;
  readonly busy: boolean;
  readonly error: unknown;
  /** @throws what is told by `error` then */
  readonly onSubmit: (values: Readonly<Record<string, string>>) => Promise<void>;
  readonly class?: string;
  readonly danger?: boolean;
  readonly children: (problemOf: (field: string) => string | undefined) => ComponentChildren;
}

export function Form({ action, busy, error, onSubmit, class: name = 'form', danger = false, children }: Props) {
  const fields = error instanceof Problem ? error.fields : [];
  const submit = async (form: HTMLFormElement): Promise<void> => {
    const values = Object.fromEntries(new FormData(form)) as Record<string, string>;
    await onSubmit(values).then(
      () => form.reset(),
      () => undefined,
    );
  };
  return (
    <form
      class={name}
      onSubmit={(event) => {
        event.preventDefault();
        void submit(event.currentTarget);
      }}
    >
      {children((field) => fields.find((each) => each.field === field)?.message)}
      <button type="submit" class={danger ? 'button danger' : 'button'} disabled={busy}>
        {action}
      </button>
      {error !== null && error !== undefined && <ProblemNotice error={error} />}
    </form>
  );
}

// A labelled input, with what is wrong with it beneath.
import type { InputHTMLAttributes } from 'preact';
import { useId } from 'preact/hooks';

interface Props extends InputHTMLAttributes {
  readonly label: string;
  readonly error?: string | undefined;
  readonly hint?: string;
}

export function Field({ label, error, hint, ...input }: Props) {
  const id = useId();
  const described = [hint === undefined ? '' : `${id}-hint`, error === undefined ? '' : `${id}-error`].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        class="input"
        aria-invalid={error === undefined ? undefined : 'true'}
        aria-describedby={described || undefined}
        {...input}
      />
      {hint !== undefined && (
        <span class="secondary" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {error !== undefined && (
        <span class="field-error" id={`${id}-error`}>
          {error}
        </span>
      )}
    </div>
  );
}

// Logging in and opening an account, shown in place of whatever page was asked for, so that one arrives there afterwards.
import { useState } from 'preact/hooks';
import { Problem } from '../api/problem.js';
import { logIn, register } from '../session/session.js';
import { Field } from '../ui/field.js';
import { ProblemNotice } from '../ui/problem-notice.js';

export function Entrance({ ended }: { readonly ended: boolean }) {
  const [isNew, setNew] = useState(false);
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const fields = error instanceof Problem ? error.fields : [];
  const problemOf = (name: string): string | undefined => fields.find(({ field }) => field === name)?.message;

  const submit = async (form: HTMLFormElement): Promise<void> => {
    const { email, password } = Object.fromEntries(new FormData(form)) as Record<'email' | 'password', string>;
    setBusy(true);
    setError(undefined);
    try {
      await (isNew ? register : logIn)(email, password);
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  return (
    <main class="entrance">
      <h1>{isNew ? 'Open an account' : 'Log in to Watchlist'}</h1>
      {ended && !error && <p class="notice">Your session has ended. Log in to go on where you were.</p>}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit(event.currentTarget);
        }}
      >
        <Field label="E-mail" name="email" type="email" autocomplete="username" required autofocus error={problemOf('email')} />
        <Field
          label="Password"
          name="password"
          type="password"
          autocomplete={isNew ? 'new-password' : 'current-password'}
          required
          error={problemOf('password')}
          {...(isNew && { hint: 'At least 8 characters. Long beats complicated.' })}
        />
        {error !== undefined && <ProblemNotice error={error} />}
        <button type="submit" class="button primary" disabled={busy}>
          {isNew ? 'Open account' : 'Log in'}
        </button>
      </form>
      <p class="secondary">
        {isNew ? 'You have an account?' : 'No account yet?'}{' '}
        <button
          type="button"
          class="link"
          onClick={() => {
            setNew(!isNew);
            setError(undefined);
          }}
        >
          {isNew ? 'Log in' : 'Open one'}
        </button>
      </p>
    </main>
  );
}

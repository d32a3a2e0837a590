import { useMutation } from '@tanstack/preact-query';
import { useState } from 'preact/hooks';
import { api } from '../api/client.js';
import { answerOf } from '../api/send.js';
import { forget } from '../session/session.js';
import { Dialog } from '../ui/dialog.js';
import { Field } from '../ui/field.js';
import { Form } from '../ui/form.js';

export function DeleteAccount() {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <div>
        <button type="button" class="button danger" onClick={() => setAsking(true)}>
          Delete the account …
        </button>
      </div>
      {asking && <Confirmation onClose={() => setAsking(false)} />}
    </>
  );
}

function Confirmation({ onClose }: { readonly onClose: () => void }) {
  const remove = useMutation({
    mutationFn: (password: string) => answerOf(api.DELETE('/v1/auth/me', { body: { password } })),
    onSuccess: forget,
  });
  return (
    <Dialog title="Delete the account?" onClose={onClose}>
      <p>Everything in it is gone for good. Your password says that it is you.</p>
      <Form
        action="Delete for good"
        danger
        busy={remove.isPending}
        error={remove.error}
        onSubmit={async ({ password = '' }) => {
          await remove.mutateAsync(password);
        }}
      >
        {(problemOf) => (
          <Field
            label="Password"
            name="password"
            type="password"
            autocomplete="current-password"
            required
            autofocus
            error={problemOf('password')}
          />
        )}
      </Form>
      <button type="button" class="button quiet" onClick={onClose}>
        Keep it
      </button>
    </Dialog>
  );
}

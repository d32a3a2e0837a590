import { useMutation } from '@tanstack/preact-query';
import { api, queryClient } from '../api/client.js';
import { Problem } from '../api/problem.js';
import { answerOf } from '../api/send.js';
import { Field } from '../ui/field.js';
import { Form } from '../ui/form.js';
import { toast } from '../ui/toasts.js';

/** @param email for the browser's password manager */
export function Password({ email }: { readonly email: string }) {
  const change = useMutation({
    mutationFn: (body: { readonly current_password: string; readonly new_password: string }) =>
      answerOf(api.POST('/v1/auth/password', { body })),
    onSuccess: () => {
      toast({ text: 'Your password is changed. All other sessions have ended.' });
      void queryClient.invalidateQueries({ queryKey: ['sessions'] });
    },
  });
  const wrong = change.error instanceof Problem && change.error.code === 'invalid_credentials';
  return (
    <Form
      action="Change password"
      busy={change.isPending}
      error={change.error}
      onSubmit={async ({ current_password = '', new_password = '' }) => {
        await change.mutateAsync({ current_password, new_password });
      }}
    >
      {(problemOf) => (
        <>
          <input
            class="hidden-visually"
            type="email"
            name="email"
            autocomplete="username"
            value={email}
            readOnly
            tabIndex={-1}
            aria-hidden="true"
          />
          <Field
            label="Current password"
            name="current_password"
            type="password"
            autocomplete="current-password"
            required
            error={wrong ? 'is wrong' : problemOf('current_password')}
          />
          <Field
            label="New password"
            name="new_password"
            type="password"
            autocomplete="new-password"
            required
            hint="At least 8 characters. Long beats complicated."
            error={problemOf('new_password')}
          />
        </>
      )}
    </Form>
  );
}

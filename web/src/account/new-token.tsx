import { useMutation } from '@tanstack/preact-query';
import { useState } from 'preact/hooks';
import { api } from '../api/client.js';
import { answerOf } from '../api/send.js';
import type { Scope } from '../api/types.js';
import { Choice } from '../ui/choice.js';
import { Field } from '../ui/field.js';
import { Form } from '../ui/form.js';

const SCOPES: ReadonlyMap<Scope, string> = new Map<Scope, string>([
  ['read', 'Read'],
  ['write', 'Read and write'],
]);

const DAY_MS = 86_400_000;
/** By days; empty is for good. */
const LIVES: ReadonlyMap<string, string> = new Map([
  ['30', '30 days'],
  ['90', '90 days'],
  ['365', 'a year'],
  ['', 'no end'],
]);

export function NewToken({ onCreated }: { readonly onCreated: (secret: string) => void }) {
  const [scope, setScope] = useState<Scope>('read');
  const [days, setDays] = useState('90');
  const create = useMutation({
    mutationFn: (name: string) => {
      const ends = days === '' ? {} : { expires_at: new Date(Date.now() + Number(days) * DAY_MS).toISOString() };
      return answerOf(api.POST('/v1/auth/tokens', { body: { name, scopes: [scope], ...ends } }));
    },
    onSuccess: ({ token }) => onCreated(token),
  });
  return (
    <Form
      class="inline-form"
      action="Create token"
      busy={create.isPending}
      error={create.error}
      onSubmit={async ({ name = '' }) => {
        await create.mutateAsync(name);
      }}
    >
      {(problemOf) => (
        <>
          <Field label="Name" name="name" required placeholder="Home automation" error={problemOf('name')} />
          <Choice label="May" value={scope} options={SCOPES} onChange={setScope} />
          <Choice label="For" value={days} options={LIVES} onChange={setDays} />
        </>
      )}
    </Form>
  );
}

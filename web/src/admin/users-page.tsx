// Everybody's accounts, for administrators.
import '../styles/entries.css';
import { keepPreviousData, useMutation, useQuery } from '@tanstack/preact-query';
import { useState } from 'preact/hooks';
import { api, queryClient } from '../api/client.js';
import { wordsFor } from '../api/problem.js';
import { answerOf } from '../api/send.js';
import type { ManagedUser, UsersQuery } from '../api/types.js';
import { useUser } from '../session/use-user.js';
import { announce } from '../ui/announce.js';
import { Choice } from '../ui/choice.js';
import { Field } from '../ui/field.js';
import { Loaded } from '../ui/loaded.js';
import { toast } from '../ui/toasts.js';
import { setParameters, useParameter } from './parameters.js';
import { RemoveUser } from './remove-user.js';
import { UserEntry } from './user-entry.js';

const KEY = 'users';
const PAGE_SIZE = 20;

const ROLES = new Map([
  ['', 'Any'],
  ['user', 'Users'],
  ['admin', 'Administrators'],
]);
const STATES = new Map([
  ['', 'Any'],
  ['false', 'Active'],
  ['true', 'Disabled'],
]);

export default function UsersPage() {
  const me = useUser();
  const [q, role, disabled] = [useParameter('q'), useParameter('role'), useParameter('disabled')];
  const page = Math.max(1, Math.trunc(Number(useParameter('page'))) || 1);
  const query = {
    limit: PAGE_SIZE,
    ...(page > 1 && { skip: (page - 1) * PAGE_SIZE }),
    ...(q.trim() !== '' && { q: q.trim() }),
    ...(role !== '' && { role }),
    ...(disabled !== '' && { disabled: disabled === 'true' }),
  } as UsersQuery;
  const users = useQuery({
    queryKey: [KEY, query],
    queryFn: ({ signal }) => answerOf(api.GET('/v1/users', { params: { query }, signal })),
    placeholderData: keepPreviousData,
  });
  const change = useMutation({
    mutationFn: ({
      user: { id },
      ...body
    }: {
      readonly user: ManagedUser;
      readonly role?: ManagedUser['role'];
      readonly disabled?: boolean;
    }) => answerOf(api.PATCH('/v1/users/{id}', { params: { path: { id } }, body })),
    onSuccess: ({ email }) => announce(`${email} is changed.`),
    onError: (error, { user }) => toast({ text: `${user.email} was not changed. ${wordsFor(error)}`, error }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: [KEY] }),
  });
  const [removing, setRemoving] = useState<ManagedUser>();
  return (
    <div class="sections">
      <h1>Users</h1>
      <form class="filters" role="search" onSubmit={(event) => event.preventDefault()}>
        <Field
          label="E-mail"
          type="search"
          value={q}
          autocomplete="off"
          onInput={(event) => setParameters({ q: event.currentTarget.value, page: '' }, true)}
        />
        <Choice label="Role" value={role} options={ROLES} onChange={(value) => setParameters({ role: value, page: '' })} />
        <Choice label="State" value={disabled} options={STATES} onChange={(value) => setParameters({ disabled: value, page: '' })} />
      </form>
      <Loaded query={users} rows={PAGE_SIZE / 2}>
        {({ items, total }) => (
          <>
            {items.length === 0 ? (
              <p class="notice">Nobody matches.</p>
            ) : (
              <ul class="entries">
                {items.map((user) => (
                  <UserEntry
                    key={user.id}
                    user={user}
                    isMe={user.id === me.id}
                    busy={change.isPending}
                    onChange={(changes) => change.mutate({ user, ...changes })}
                    onRemove={() => setRemoving(user)}
                  />
                ))}
              </ul>
            )}
            <Pager page={page} shown={items.length} total={total} />
          </>
        )}
      </Loaded>
      {removing && (
        <RemoveUser
          user={removing}
          onClose={() => setRemoving(undefined)}
          onRemoved={() => {
            setRemoving(undefined);
            void queryClient.invalidateQueries({ queryKey: [KEY] });
          }}
        />
      )}
    </div>
  );
}

function Pager({ page, shown, total }: { readonly page: number; readonly shown: number; readonly total: number }) {
  const before = (page - 1) * PAGE_SIZE;
  const go = (to: number): void => setParameters({ page: to === 1 ? '' : String(to) });
  return (
    <nav class="pager" aria-label="Pages of users">
      <span class="secondary">{shown === 0 ? `0 of ${total}` : `${before + 1}–${before + shown} of ${total}`}</span>
      <span class="entry-actions">
        <button type="button" class="button" disabled={page === 1} onClick={() => go(page - 1)}>
          Previous
        </button>
        <button type="button" class="button" disabled={before + shown >= total} onClick={() => go(page + 1)}>
          Next
        </button>
      </span>
    </nav>
  );
}

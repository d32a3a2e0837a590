import { useMutation, useQuery } from '@tanstack/preact-query';
import { useState } from 'preact/hooks';
import { api, queryClient } from '../api/client.js';
import { answerOf } from '../api/send.js';
import type { Token } from '../api/types.js';
import { announce } from '../ui/announce.js';
import { CopyButton } from '../ui/copy-button.js';
import { Loaded } from '../ui/loaded.js';
import { ProblemNotice } from '../ui/problem-notice.js';
import { When } from '../ui/when.js';
import { NewToken } from './new-token.js';

const KEY = ['tokens'];
/** As many as the service gives at once. */
const MOST = 100;

export function Tokens() {
  const tokens = useQuery({ queryKey: KEY, queryFn: () => answerOf(api.GET('/v1/auth/tokens', { params: { query: { limit: MOST } } })) });
  const [secret, setSecret] = useState<string>();
  const refresh = (): Promise<void> => queryClient.invalidateQueries({ queryKey: KEY });
  const revoke = useMutation({
    mutationFn: ({ id }: Token) => answerOf(api.DELETE('/v1/auth/tokens/{id}', { params: { path: { id } } })),
    onSuccess: (_, { name }) => announce(`“${name}” is revoked.`),
    onSettled: refresh,
  });
  return (
    <>
      {secret !== undefined && <Secret secret={secret} onClose={() => setSecret(undefined)} />}
      <Loaded query={tokens} rows={1}>
        {({ items }) =>
          items.length === 0 ? (
            <p class="secondary">You have none.</p>
          ) : (
            <ul class="entries">
              {items.map((each) => (
                <Entry key={each.id} token={each} busy={revoke.isPending} onRevoke={() => revoke.mutate(each)} />
              ))}
            </ul>
          )
        }
      </Loaded>
      {revoke.error && <ProblemNotice error={revoke.error} />}
      <NewToken
        onCreated={(token) => {
          setSecret(token);
          void refresh();
        }}
      />
    </>
  );
}

function Secret({ secret, onClose }: { readonly secret: string; readonly onClose: () => void }) {
  return (
    <div class="notice secret" role="status">
      <p>This is the token. It is shown only now: keep it where nobody else reads it.</p>
      <code class="mono">{secret}</code>
      <CopyButton text={secret} what="the token" />
      <button type="button" class="button small quiet" onClick={onClose}>
        Done
      </button>
    </div>
  );
}

interface EntryProps {
  readonly token: Token;
  readonly busy: boolean;
  readonly onRevoke: () => void;
}

function Entry({ token: { name, prefix, scopes, expires_at, last_used_at }, busy, onRevoke }: EntryProps) {
  return (
    <li class="entry">
      <div class="entry-main">
        <p>
          {name} <span class="mark">{scopes.includes('write') ? 'read and write' : 'read'}</span>
        </p>
        <p class="secondary">
          <span class="mono">{prefix}…</span> · {last_used_at === null ? 'never used' : 'used '}
          {last_used_at !== null && <When at={last_used_at} />} · {expires_at === null ? 'no end' : 'ends '}
          {expires_at !== null && <When at={expires_at} />}
        </p>
      </div>
      <button type="button" class="button small" disabled={busy} aria-label={`Revoke ${name}`} onClick={onRevoke}>
        Revoke
      </button>
    </li>
  );
}

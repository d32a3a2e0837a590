import { useMutation, useQuery } from '@tanstack/preact-query';
import { api, queryClient } from '../api/client.js';
import { answerOf } from '../api/send.js';
import type { LoginSession } from '../api/types.js';
import { announce } from '../ui/announce.js';
import { Loaded } from '../ui/loaded.js';
import { ProblemNotice } from '../ui/problem-notice.js';
import { When } from '../ui/when.js';
import { deviceOf } from './device.js';

const KEY = ['sessions'];
/** As many as the service gives at once. */
const MOST = 100;

export function Sessions() {
  const sessions = useQuery({
    queryKey: KEY,
    queryFn: () => answerOf(api.GET('/v1/auth/sessions', { params: { query: { limit: MOST } } })),
  });
  const end = useMutation({
    mutationFn: async (ended: readonly LoginSession[]) => {
      for (const { id } of ended) await answerOf(api.DELETE('/v1/auth/sessions/{id}', { params: { path: { id } } }));
    },
    onSuccess: (_, { length }) => announce(length === 1 ? 'The session has ended.' : `${length} sessions have ended.`),
    onSettled: () => queryClient.invalidateQueries({ queryKey: KEY }),
  });
  return (
    <Loaded query={sessions} rows={2}>
      {({ items }) => {
        const others = items.filter(({ current }) => !current);
        return (
          <>
            <ul class="entries">
              {items.map((each) => (
                <Entry key={each.id} session={each} onEnd={() => end.mutate([each])} busy={end.isPending} />
              ))}
            </ul>
            {end.error && <ProblemNotice error={end.error} />}
            {others.length > 1 && (
              <button type="button" class="button" disabled={end.isPending} onClick={() => end.mutate(others)}>
                End all others
              </button>
            )}
          </>
        );
      }}
    </Loaded>
  );
}

interface EntryProps {
  readonly session: LoginSession;
  readonly busy: boolean;
  readonly onEnd: () => void;
}

function Entry({ session, busy, onEnd }: EntryProps) {
  const device = deviceOf(session.user_agent);
  return (
    <li class="entry">
      <div class="entry-main">
        <p title={session.user_agent ?? undefined}>
          {device} {session.current && <span class="mark">this one</span>}
        </p>
        <p class="secondary">
          {session.ip ?? 'unknown address'} · used <When at={session.last_used_at} /> · began <When at={session.created_at} />
        </p>
      </div>
      {!session.current && (
        <button type="button" class="button small" disabled={busy} aria-label={`End the session of ${device}`} onClick={onEnd}>
          End
        </button>
      )}
    </li>
  );
}

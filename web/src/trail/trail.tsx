// An audit trail, the newest entry first, as far back as one cares to go.
import { useInfiniteQuery } from '@tanstack/preact-query';
import type { AuditEntry, AuditPage } from '../api/types.js';
import { ProblemNotice } from '../ui/problem-notice.js';
import { SkeletonRows } from '../ui/skeleton.js';
import { When } from '../ui/when.js';
import { ACTIONS, changesOf } from './actions.js';

interface Props {
  readonly queryKey: readonly unknown[];
  readonly load: (cursor: string | undefined) => Promise<AuditPage>;
  /** Whether it tells who did it: in one's own trail that is oneself. */
  readonly withActor?: boolean;
}

export function Trail({ queryKey, load, withActor = false }: Props) {
  const trail = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => load(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
  });
  const entries = trail.data?.pages.flatMap(({ items }) => items);
  return (
    <>
      {trail.error && <ProblemNotice error={trail.error} />}
      {!entries && !trail.error && <SkeletonRows count={5} label="Loading the trail …" />}
      {entries?.length === 0 && <p class="notice">Nothing matches.</p>}
      {entries && (
        <ul class="entries">
          {entries.map((entry) => (
            <Entry key={entry.id} entry={entry} withActor={withActor} />
          ))}
        </ul>
      )}
      {trail.hasNextPage && (
        <button type="button" class="button" disabled={trail.isFetchingNextPage} onClick={() => void trail.fetchNextPage()}>
          Older entries
        </button>
      )}
    </>
  );
}

function Entry({ entry, withActor }: { readonly entry: AuditEntry; readonly withActor: boolean }) {
  const changes = changesOf(entry);
  return (
    <li class="entry">
      <div class="entry-main">
        <p>{ACTIONS.get(entry.action) ?? entry.action}</p>
        {changes.length > 0 && <p class="secondary">{changes.join(', ')}</p>}
        {withActor && (
          <p class="secondary mono">
            {entry.seq === null ? 'not sealed yet' : `#${entry.seq}`} · {entry.action} · by {entry.actor_id ?? 'nobody known'}
            {entry.target_id !== null && entry.target_id !== entry.actor_id && ` · ${entry.target_type} ${entry.target_id}`}
          </p>
        )}
      </div>
      <p class="entry-meta secondary">
        <When at={entry.at} />
        {entry.ip !== null && <span>{entry.ip}</span>}
      </p>
    </li>
  );
}

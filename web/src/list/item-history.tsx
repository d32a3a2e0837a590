// What was done to an item, out of one's own audit trail; asked for when it is unfolded.
import { useQuery } from '@tanstack/preact-query';
import { useState } from 'preact/hooks';
import { api } from '../api/client.js';
import { answerOf } from '../api/send.js';
import type { AuditEntry } from '../api/types.js';
import { changesOf } from '../trail/actions.js';
import { ProblemNotice } from '../ui/problem-notice.js';
import { dateTime } from '../ui/when.js';

const PAGE_SIZE = 100;
/** Farther back than this is for the audit trail itself. */
const MOST_PAGES = 10;
const DONE = new Map([
  ['item.added', 'Added'],
  ['item.updated', 'Changed'],
  ['item.deleted', 'Deleted'],
  ['item.restored', 'Restored'],
]);

export function ItemHistory({ id }: { readonly id: string }) {
  const [unfolded, setUnfolded] = useState(false);
  const { data, error } = useQuery({
    queryKey: ['item', id, 'history'],
    queryFn: ({ signal }) => historyOf(id, signal),
    enabled: unfolded,
  });
  return (
    <details class="history secondary" onToggle={(event) => setUnfolded(event.currentTarget.open)}>
      <summary>History</summary>
      {error && <ProblemNotice error={error} />}
      <ul>
        {data?.map((entry) => (
          <li key={entry.id}>
            {dateTime(entry.at)} · {DONE.get(entry.action) ?? entry.action}
            {entry.action === 'item.updated' && ` · ${changesOf(entry).join(' · ')}`}
          </li>
        ))}
      </ul>
    </details>
  );
}

/** The trail is everything one did, newest first: read until the item was added. */
async function historyOf(id: string, signal: AbortSignal): Promise<AuditEntry[]> {
  const found: AuditEntry[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const query = { limit: PAGE_SIZE, ...(cursor !== undefined && { cursor }) };
    const { items, next_cursor } = await answerOf(api.GET('/v1/audit/me', { params: { query }, signal }));
    found.push(...items.filter(({ target_id }) => target_id === id));
    if (next_cursor === null || found.at(-1)?.action === 'item.added') break;
    cursor = next_cursor;
  }
  return found;
}

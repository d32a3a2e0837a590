// What was deleted in the last 30 days, to be taken back.
import { keepPreviousData, useQuery } from '@tanstack/preact-query';
import { api } from '../api/client.js';
import { answerOf } from '../api/send.js';
import { restoreItem, useEdits } from '../edits/edits.js';
import { TYPE_WORDS } from '../list/item-words.js';
import { When } from '../ui/when.js';
import { useAddress } from '../router.js';
import { Link } from '../ui/link.js';
import { ProblemNotice } from '../ui/problem-notice.js';
import { SkeletonRows } from '../ui/skeleton.js';

const PAGE_SIZE = 50;
const WAITING_ROWS = 6;

export default function TrashPage() {
  const page = Math.max(1, Math.trunc(Number(useAddress().searchParams.get('page'))) || 1);
  const query = { limit: PAGE_SIZE, skip: (page - 1) * PAGE_SIZE };
  const { data, error, isPending } = useQuery({
    queryKey: ['trash', query],
    queryFn: ({ signal }) => answerOf(api.GET('/v1/watchlists/trash', { params: { query }, signal })),
    placeholderData: keepPreviousData,
  });
  const returning = new Set(useEdits().flatMap((edit) => (edit.kind === 'restore' ? [edit.id] : [])));
  const items = data?.items.filter(({ id }) => !returning.has(id)) ?? [];
  return (
    <>
      <h1>Trash</h1>
      <p class="secondary">What you delete stays here for 30 days.</p>
      {error && <ProblemNotice error={error} />}
      {isPending && !error && <SkeletonRows count={WAITING_ROWS} label="Loading the trash …" />}
      {data && items.length === 0 && (
        <div class="empty">
          <h2>The trash is empty</h2>
        </div>
      )}
      <ul class="list trash" aria-label="Deleted titles">
        {items.map((item) => (
          <li key={item.id} class="item trash-row">
            <span class="row-title">{item.title}</span>
            <span class="secondary">
              {TYPE_WORDS[item.media_type].toLowerCase()}
              {item.year !== null && ` · ${item.year}`} · deleted <When at={item.deleted_at} />
            </span>
            <button type="button" class="button small" aria-label={`Restore ${item.title}`} onClick={() => restoreItem(item)}>
              Restore
            </button>
          </li>
        ))}
      </ul>
      {data && (data.next_cursor !== null || page > 1) && (
        <nav class="pager" aria-label="Pages of the trash">
          <p class="secondary pager-position">
            {data.skip + 1}–{data.skip + data.items.length} of {data.total}
          </p>
          <div class="pager-pages">
            {page > 1 && (
              <Link class="button" href={`/trash?page=${page - 1}`}>
                Newer
              </Link>
            )}
            {data.next_cursor !== null && (
              <Link class="button" href={`/trash?page=${page + 1}`}>
                Older
              </Link>
            )}
          </div>
        </nav>
      )}
    </>
  );
}

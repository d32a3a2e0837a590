// What narrows and orders the list: statuses with their counts, type, order, and the filters that are on as chips to take off.
import type { Status } from '../api/types.js';
import { navigate } from '../router.js';
import { Link } from '../ui/link.js';
import { STATUS_WORDS, TYPE_WORDS } from './item-words.js';
import { changed, isFiltered, MEDIA_TYPES, pathOf, SORTS, STATUSES, type View, WHOLE_LIST } from './view.js';

interface Props {
  readonly view: View;
  readonly counts: ReadonlyMap<Status, number>;
  readonly selecting: boolean;
  readonly onSelecting: (selecting: boolean) => void;
}

const NUMBER = new Intl.NumberFormat();

export function Toolbar({ view, counts, selecting, onSelecting }: Props) {
  const all = counts.size === STATUSES.length ? [...counts.values()].reduce((sum, count) => sum + count, 0) : undefined;
  const go = (change: Partial<View>): void => navigate(pathOf(changed(view, change)));
  return (
    <>
      <div class="toolbar">
        <nav class="tabs" aria-label="Statuses">
          <Tab view={view} status={undefined} label="All" count={all} />
          {STATUSES.map((status) => (
            <Tab key={status} view={view} status={status} label={STATUS_WORDS[status]} count={counts.get(status)} />
          ))}
        </nav>
        <div class="toolbar-selects">
          <select
            class="input"
            aria-label="Type"
            value={view.type ?? ''}
            onChange={(event) => go({ type: MEDIA_TYPES.find((type) => type === event.currentTarget.value) })}
          >
            <option value="">All types</option>
            {MEDIA_TYPES.map((type) => (
              <option key={type} value={type}>
                {TYPE_WORDS[type]}s
              </option>
            ))}
          </select>
          <select
            class="input"
            aria-label="Order"
            value={view.sort}
            onChange={(event) => go({ sort: event.currentTarget.value as View['sort'] })}
          >
            {[...SORTS].map(([sort, label]) => (
              <option key={sort} value={sort}>
                {label}
              </option>
            ))}
          </select>
          <button type="button" class="button select-toggle" aria-pressed={selecting} onClick={() => onSelecting(!selecting)}>
            Select
          </button>
        </div>
      </div>
      {isFiltered(view) && (
        <div class="chips" role="group" aria-label="Filters that are on">
          {view.q && <Chip label={`“${view.q}”`} onRemove={() => go({ q: '' })} />}
          {view.status && <Chip label={STATUS_WORDS[view.status]} onRemove={() => go({ status: undefined })} />}
          {view.type && <Chip label={`${TYPE_WORDS[view.type]}s`} onRemove={() => go({ type: undefined })} />}
          <Link class="secondary" href={pathOf({ ...WHOLE_LIST, sort: view.sort, size: view.size })}>
            Clear filters
          </Link>
        </div>
      )}
    </>
  );
}

interface TabProps {
  readonly view: View;
  readonly status: Status | undefined;
  readonly label: string;
  readonly count: number | undefined;
}

function Tab({ view, status, label, count }: TabProps) {
  return (
    <Link href={pathOf(changed(view, { status }))} class="tab" aria-current={view.status === status ? 'page' : undefined}>
      {label} <span class="count">{count === undefined ? '' : NUMBER.format(count)}</span>
    </Link>
  );
}

function Chip({ label, onRemove }: { readonly label: string; readonly onRemove: () => void }) {
  return (
    <button type="button" class="chip" aria-label={`Remove the filter ${label}`} onClick={onRemove}>
      {label} <span aria-hidden="true">×</span>
    </button>
  );
}

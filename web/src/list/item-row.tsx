// One title: select it, set its status with one click, open it in its place.
import { changeItem } from '../edits/edits.js';
import type { Row } from '../edits/edit.js';
import { ItemEditor } from './item-editor.js';
import { dateTime } from '../ui/when.js';
import { age, nextStatus, STATUS_WORDS, TYPE_WORDS } from './item-words.js';

interface Props {
  readonly row: Row;
  readonly open: boolean;
  readonly selected: boolean;
  readonly onOpen: (open: boolean) => void;
  readonly onSelect: (selected: boolean) => void;
}

export function ItemRow({ row: { item, waiting }, open, selected, onOpen, onSelect }: Props) {
  const { id, title, media_type, year, status, rating, notes, created_at } = item;
  const next = STATUS_WORDS[nextStatus(status)].toLowerCase();
  return (
    <li class="item" data-row={id} data-open={open} data-selected={selected} data-waiting={waiting}>
      <div class="row">
        <label class="row-select">
          <input type="checkbox" checked={selected} aria-label={`Select ${title}`} onChange={() => onSelect(!selected)} />
        </label>
        <button
          type="button"
          class="row-status"
          aria-label={`${title}: ${status}. Mark as ${next}`}
          title={`${STATUS_WORDS[status]}. Mark as ${next}`}
          onClick={() => changeItem(item, { status: nextStatus(status) })}
        >
          <span class={`dot ${status}`} aria-hidden="true" />
        </button>
        <button type="button" class="row-open" aria-expanded={open} onClick={() => onOpen(!open)}>
          <span class="row-title" title={title}>
            {title}
          </span>
          {notes && <span class="row-notes secondary">{notes}</span>}
          <span class="row-type secondary">{TYPE_WORDS[media_type].toLowerCase()}</span>
          <span class="row-year secondary">{year}</span>
          <span class="row-word secondary">{status}</span>
          <span class="row-rating secondary">{rating === null ? '' : <Rating value={rating} />}</span>
          <time class="row-age secondary" dateTime={created_at} title={`Added ${dateTime(created_at)}`}>
            {waiting ? '…' : age(created_at)}
          </time>
        </button>
      </div>
      {open && <ItemEditor item={item} onClose={() => onOpen(false)} />}
    </li>
  );
}

function Rating({ value }: { readonly value: number }) {
  return (
    <>
      <span class="star" aria-hidden="true">
        ★
      </span>{' '}
      <span class="hidden-visually">rated </span>
      {value}
    </>
  );
}

// What can be done to all selected titles at once.
import type { Item, Status } from '../api/types.js';
import { changeItem, deleteItems } from '../edits/edits.js';
import { STATUS_WORDS } from './item-words.js';
import { STATUSES } from './view.js';

export function SelectionBar({ items, onDone }: { readonly items: readonly Item[]; readonly onDone: () => void }) {
  const mark = (status: Status): void => {
    for (const item of items) changeItem(item, { status });
    onDone();
  };
  return (
    <div class="selection-bar" role="group" aria-label="Selected titles">
      <strong>{items.length} selected</strong>
      {STATUSES.map((status) => (
        <button key={status} type="button" class="button small" onClick={() => mark(status)}>
          <span class={`dot ${status}`} aria-hidden="true" />
          {STATUS_WORDS[status]}
        </button>
      ))}
      <button
        type="button"
        class="button small danger"
        onClick={() => {
          deleteItems(items);
          onDone();
        }}
      >
        Delete
      </button>
      <button type="button" class="button small quiet" onClick={onDone}>
        Clear
      </button>
    </div>
  );
}

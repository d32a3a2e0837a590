// A list without rows says how to get some.
import { understand } from '../add/add-language.js';
import { ADD_FIELD } from '../add/add-field.js';
import { addItem } from '../edits/edits.js';
import { navigate } from '../router.js';
import { isFiltered, pathOf, type View, WHOLE_LIST } from './view.js';

export function EmptyList({ view }: { readonly view: View }) {
  return isFiltered(view) ? <NoResult view={view} /> : <NothingYet />;
}

function NothingYet() {
  return (
    <div class="empty">
      <h2>Nothing on your list yet</h2>
      <p>
        Type a title above and press Enter: a year, <span class="mono">show</span>, <span class="mono">!watching</span> or{' '}
        <span class="mono">*8.5</span> may follow it.
      </p>
      <p>You have a list somewhere else? Paste it there, a title on each line, to add them all.</p>
      <button type="button" class="button" onClick={() => document.getElementById(ADD_FIELD)?.focus()}>
        Add a title
      </button>
    </div>
  );
}

function NoResult({ view }: { readonly view: View }) {
  const understood = understand(view.q);
  const clear = (): void => navigate(pathOf({ ...WHOLE_LIST, sort: view.sort, size: view.size }));
  return (
    <div class="empty">
      <h2>{view.q ? `Nothing found for “${view.q}”` : 'Nothing here'}</h2>
      <p>{view.status || view.type ? 'The filters leave no title.' : 'No title and no notes hold these words.'}</p>
      <div class="actions">
        {understood?.problem === undefined && understood && (
          <button
            type="button"
            class="button primary"
            onClick={() => {
              addItem(understood.item, view.q);
              clear();
            }}
          >
            Add “{understood.item.title}”
          </button>
        )}
        <button type="button" class="button" onClick={clear}>
          Clear filters
        </button>
      </div>
    </div>
  );
}

// An item opened in its place. What is typed is saved when it is left or Enter is pressed, one field at a time; there is nothing to submit.
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Changes, Item } from '../api/types.js';
import { changeItem, deleteItems, refusedChanges } from '../edits/edits.js';
import { Choice } from '../ui/choice.js';
import { hasKeyboard } from '../ui/pointer.js';
import { dateTime } from '../ui/when.js';
import { STATUS_WORDS, TYPE_WORDS } from './item-words.js';
import { ItemHistory } from './item-history.js';
import { MEDIA_TYPES, STATUSES } from './view.js';

interface Props {
  readonly item: Item;
  readonly onClose: () => void;
}

interface Draft {
  readonly title: string;
  readonly year: string;
  readonly rating: string;
  readonly notes: string;
}

const draftOf = ({ title, year, rating, notes }: Item): Draft => ({
  title,
  year: String(year ?? ''),
  rating: String(rating ?? ''),
  notes: notes ?? '',
});

/** What was typed as what it means. @returns nothing when it means nothing yet */
const MEANINGS: { readonly [name in keyof Draft]: (typed: string) => Changes | undefined } = {
  title: (typed) => (typed.trim() === '' ? undefined : { title: typed.trim() }),
  year: (typed) => (/^(\d{4})?$/.test(typed.trim()) ? { year: typed.trim() === '' ? null : Number(typed) } : undefined),
  rating: (typed) => ({ rating: typed === '' ? null : Number(typed) }),
  notes: (typed) => ({ notes: typed.trim() === '' ? null : typed }),
};
const TYPES = new Map(MEDIA_TYPES.map((each) => [each, TYPE_WORDS[each]]));
const RATINGS = new Map([
  ['', 'None'],
  ...Array.from({ length: 20 }, (_, index): [string, string] => [String((20 - index) / 2), `★ ${(20 - index) / 2}`]),
]);

export function ItemEditor({ item, onClose }: Props) {
  const id = useId();
  const first = useRef<HTMLInputElement>(null);
  const [refused] = useState(() => takeRefused(item.id));
  const [draft, setDraft] = useState<Draft>(() => draftOf({ ...item, ...refused }));
  const touched = useRef(new Set((Object.keys(MEANINGS) as (keyof Draft)[]).filter((name) => refused[name] !== undefined)));
  // Before the next key: somebody who knows the shortcut types on at once.
  useLayoutEffect(() => {
    if (hasKeyboard()) first.current?.focus();
    else first.current?.closest('li')?.scrollIntoView({ block: 'start' });
  }, []);
  // What changes elsewhere shows, but never in a field that is being written in.
  useEffect(() => {
    const fresh = draftOf(item);
    setDraft((before) => ({ ...fresh, ...Object.fromEntries([...touched.current].map((name) => [name, before[name]])) }));
  }, [item.title, item.year, item.rating, item.notes]);

  const type = (name: keyof Draft, value: string): void => {
    touched.current.add(name);
    setDraft((before) => ({ ...before, [name]: value }));
  };
  const save = (name: keyof Draft, value = draft[name]): void => {
    const meaning = MEANINGS[name](value);
    if (!meaning) return;
    touched.current.delete(name);
    changeItem(item, meaning);
  };
  const fieldProps = (name: keyof Draft) => ({
    id: `${id}-${name}`,
    class: 'input',
    value: draft[name],
    'aria-invalid': MEANINGS[name](draft[name]) ? undefined : ('true' as const),
    onInput: (event: { currentTarget: { value: string } }) => type(name, event.currentTarget.value),
    onBlur: () => touched.current.has(name) && save(name),
  });
  // Closing saves what was typed: a field that goes away loses no focus.
  const latest = useRef({ draft, item });
  latest.current = { draft, item };
  useEffect(
    () => () => {
      const meanings = [...touched.current].map((name) => MEANINGS[name](latest.current.draft[name]));
      touched.current.clear();
      changeItem(latest.current.item, Object.assign({}, ...meanings) as Changes);
    },
    [],
  );

  return (
    <div
      class="editor"
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          onClose();
        }
        if (event.key === 'Enter' && (event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey)) {
          event.preventDefault();
          onClose();
        }
      }}
    >
      <div class="editor-fields">
        <div class="field wide">
          <label for={`${id}-title`}>Title</label>
          <input ref={first} {...fieldProps('title')} maxLength={300} required />
        </div>
        <div class="field">
          <label for={`${id}-year`}>Year</label>
          <input {...fieldProps('year')} inputMode="numeric" maxLength={4} />
        </div>
        <Choice label="Type" value={item.media_type} options={TYPES} onChange={(media_type) => changeItem(item, { media_type })} />
        <Choice
          label="Rating"
          value={draft.rating}
          options={RATINGS}
          onChange={(rating) => {
            type('rating', rating);
            save('rating', rating);
          }}
        />
      </div>
      <fieldset class="segments">
        <legend class="label">Status</legend>
        {STATUSES.map((status) => (
          <label key={status} class="segment">
            <input type="radio" name={`${id}-status`} checked={item.status === status} onChange={() => changeItem(item, { status })} />
            <span class={`dot ${status}`} aria-hidden="true" />
            {STATUS_WORDS[status]}
          </label>
        ))}
      </fieldset>
      <div class="field">
        <label for={`${id}-notes`}>Notes</label>
        <textarea {...fieldProps('notes')} rows={3} maxLength={5_000} />
      </div>
      <div class="editor-foot">
        <p class="secondary">
          Added {dateTime(item.created_at)}
          {item.version > 1 && ` · changed ${dateTime(item.updated_at)}`}
        </p>
        <div class="actions">
          <button
            type="button"
            class="button danger small"
            onClick={() => {
              touched.current.clear();
              onClose();
              deleteItems([item]);
            }}
          >
            Delete
          </button>
          <button type="button" class="button small" onClick={onClose}>
            Done
          </button>
        </div>
      </div>
      <ItemHistory id={item.id} />
    </div>
  );
}

function takeRefused(id: string): Changes {
  const changes = refusedChanges.get(id) ?? {};
  refusedChanges.delete(id);
  return changes;
}

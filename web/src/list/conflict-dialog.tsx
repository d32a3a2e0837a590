// Somebody else changed the same item meanwhile: both versions side by side, and either can be kept.
import type { Item } from '../api/types.js';
import type { Conflict } from '../edits/edit.js';
import { keepMine, keepTheirs } from '../edits/edits.js';
import { Dialog } from '../ui/dialog.js';
import { STATUS_WORDS, TYPE_WORDS } from './item-words.js';

const FIELDS: readonly (readonly [label: string, words: (item: Item) => string])[] = [
  ['Title', ({ title }) => title],
  ['Type', ({ media_type }) => TYPE_WORDS[media_type]],
  ['Year', ({ year }) => String(year ?? '–')],
  ['Status', ({ status }) => STATUS_WORDS[status]],
  ['Rating', ({ rating }) => (rating === null ? '–' : `★ ${rating}`)],
  ['Notes', ({ notes }) => notes ?? '–'],
];

/** Escape decides nothing: it would lose one of the two. */
const NOT_YET = (): void => undefined;

export function ConflictDialog({ conflict }: { readonly conflict: Conflict }) {
  const { base, mine, current } = conflict;
  const ours: Item = { ...base, ...mine };
  return (
    <Dialog title={`“${base.title}” was changed elsewhere`} onClose={NOT_YET}>
      <p>It changed after you had last seen it. Which version do you want to keep?</p>
      <table class="versions">
        <thead>
          <tr>
            <td />
            <th scope="col">Yours</th>
            <th scope="col">The other</th>
          </tr>
        </thead>
        <tbody>
          {FIELDS.map(([label, words]) => (
            <tr key={label} class={words(ours) === words(current) ? 'same' : 'differs'}>
              <th scope="row">{label}</th>
              <td>{words(ours)}</td>
              <td>{words(current)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div class="actions">
        <button type="button" class="button primary" onClick={() => keepMine(conflict)}>
          Keep yours
        </button>
        <button type="button" class="button" onClick={() => keepTheirs(conflict)}>
          Keep the other
        </button>
      </div>
    </Dialog>
  );
}

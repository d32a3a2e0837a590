// Several lines, each as it was understood, to be added together.
import { useEffect, useRef } from 'preact/hooks';
import type { NewItem } from '../api/types.js';
import { understand } from './add-language.js';
import { Meaning } from './add-field.js';

interface Props {
  readonly lines: readonly string[];
  readonly onAdd: (items: readonly NewItem[]) => void;
  readonly onCancel: () => void;
}

export function PastedLines({ lines, onAdd, onCancel }: Props) {
  const addAll = useRef<HTMLButtonElement>(null);
  useEffect(() => addAll.current?.focus(), []);
  const understood = lines.map((line) => ({ line, meaning: understand(line) }));
  const items = understood.flatMap(({ meaning }) => (meaning && meaning.problem === undefined ? [meaning.item] : []));
  return (
    <div class="pasted" onKeyDown={(event) => event.key === 'Escape' && onCancel()}>
      <ol class="pasted-lines" tabIndex={0} aria-label="What the lines mean">
        {understood.map(({ line, meaning }, index) => (
          <li key={index} class={meaning?.problem === undefined ? 'secondary' : 'field-error'}>
            {meaning && meaning.problem === undefined ? (
              <Meaning item={meaning.item} />
            ) : (
              `${line}: ${meaning?.problem ?? 'not understood'}`
            )}
          </li>
        ))}
      </ol>
      <div class="actions">
        <button type="button" ref={addAll} class="button primary" disabled={items.length === 0} onClick={() => onAdd(items)}>
          Add {items.length} titles
        </button>
        <button type="button" class="button quiet" onClick={onCancel}>
          Cancel
        </button>
      </div>
    </div>
  );
}

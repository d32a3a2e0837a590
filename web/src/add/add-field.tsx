// One line that adds a title, and says before Enter what it understood. Several pasted lines are shown first and added together.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { NewItem } from '../api/types.js';
import { addItem, addItems, refusedText } from '../edits/edits.js';
import { currentAddress } from '../router.js';
import { useStore } from '../use-store.js';
import { STATUS_WORDS, TYPE_WORDS } from '../list/item-words.js';
import { hasKeyboard } from '../ui/pointer.js';
import { linesOf, understand } from './add-language.js';
import { PastedLines } from './pasted-lines.js';

export const ADD_FIELD = 'add-field';

export function AddField() {
  const [text, setText] = useState('');
  const [pasted, setPasted] = useState<readonly string[]>();
  const field = useRef<HTMLInputElement>(null);
  const refused = useStore(refusedText);
  // Unless something else was asked for, adding is what one comes for.
  useEffect(() => {
    const free = document.activeElement === document.body && !currentAddress().searchParams.has('item');
    if (free && hasKeyboard()) field.current?.focus();
  }, []);
  useEffect(() => {
    if (refused === undefined) return;
    setText(refused);
    refusedText.set(undefined);
    field.current?.focus();
  }, [refused]);

  const understood = understand(text);
  const submit = (): void => {
    if (!understood || understood.problem !== undefined) return;
    addItem(understood.item, text);
    setText('');
  };
  const finishPaste = (items: readonly NewItem[]): void => {
    addItems(items);
    setPasted(undefined);
    field.current?.focus();
  };
  return (
    <section class="add" aria-label="Add titles">
      <form
        class="add-form"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <input
          id={ADD_FIELD}
          ref={field}
          class="input add-input"
          value={text}
          aria-label="Add a title"
          aria-describedby="add-understood"
          aria-invalid={understood?.problem === undefined ? undefined : 'true'}
          placeholder="Add a title…"
          autocomplete="off"
          enterkeyhint="done"
          maxLength={500}
          onInput={(event) => setText(event.currentTarget.value)}
          onPaste={(event) => {
            const lines = linesOf(event.clipboardData?.getData('text/plain') ?? '');
            if (lines.length < 2) return;
            event.preventDefault();
            setPasted(lines);
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return;
            if (text === '') event.currentTarget.blur();
            else setText('');
          }}
        />
        <button type="submit" class="button primary" disabled={!understood || understood.problem !== undefined}>
          Add
        </button>
      </form>
      {pasted ? (
        <PastedLines lines={pasted} onAdd={finishPaste} onCancel={() => setPasted(undefined)} />
      ) : (
        <p id="add-understood" class="understood secondary">
          {understood ? (
            (understood.problem ?? <Meaning item={understood.item} />)
          ) : (
            <>
              For example <span class="mono">Dune 2021 show !watching</span>
            </>
          )}
        </p>
      )}
    </section>
  );
}

export function Meaning({ item: { title, media_type, year, status = 'planned', rating } }: { readonly item: NewItem }) {
  const parts = [TYPE_WORDS[media_type], year, STATUS_WORDS[status], rating == null ? undefined : `★ ${rating}`];
  return (
    <>
      “<strong>{title}</strong>”
      {parts
        .filter((part) => part != null)
        .map((part) => ` · ${String(part).toLowerCase()}`)
        .join('')}
    </>
  );
}

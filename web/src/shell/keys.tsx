// The keys of the whole page, and the list of them that `?` shows. A key does nothing while one writes or a window is open.
import { useEffect, useRef } from 'preact/hooks';
import { Dialog } from '../ui/dialog.js';

export type Keys = Readonly<Record<string, (event: KeyboardEvent) => void>>;

const HELP: readonly (readonly [keys: readonly string[], does: string])[] = [
  [['a'], 'Add a title'],
  [['/'], 'Search'],
  [['j', 'k'], 'Next, previous title'],
  [['e', 'Enter'], 'Open a title to edit it'],
  [['s'], 'Next status'],
  [['1', '2', '3', '4'], 'Planned, watching, watched, dropped'],
  [['x'], 'Select'],
  [['d'], 'Delete'],
  [['u'], 'Undo'],
  [['n', 'p'], 'Next, previous page'],
  [['Esc'], 'Close, clear'],
  [['?'], 'This list'],
];

const WRITING = 'input:not([type=checkbox]), textarea, select, [contenteditable]';

export function useKeys(keys: Keys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const { target, key } = event;
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
      if (target instanceof Element && target.matches(WRITING)) return;
      if (document.querySelector('dialog[open]')) return;
      const perform = Object.hasOwn(latest.current, key) ? latest.current[key] : undefined;
      if (!perform) return;
      event.preventDefault();
      perform(event);
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
}

export function KeysDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title="Keys" onClose={onClose}>
      <dl class="keys">
        {HELP.map(([keys, does]) => (
          <div key={does}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <div class="actions">
        <button type="button" class="button" onClick={onClose}>
          Close
        </button>
      </div>
    </Dialog>
  );
}

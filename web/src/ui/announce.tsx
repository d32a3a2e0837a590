// The live region: what the eye sees happen, said for whoever listens.
import { Store } from '../store.js';
import { useStore } from '../use-store.js';

const said = new Store('');
/** The same words twice are read twice: the second time they differ by what is not read. */
const UNREAD = '\u00a0';

export function announce(words: string): void {
  said.set(said.value === words ? words + UNREAD : words);
}

export function LiveRegion() {
  return (
    <div class="hidden-visually" role="status" aria-live="polite">
      {useStore(said)}
    </div>
  );
}

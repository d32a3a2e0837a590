// Search as one types: the address follows a moment after the last key, and what is shown follows the address.
import { useEffect, useState } from 'preact/hooks';
import { currentAddress, navigate, useAddress } from '../router.js';
import { changed, pathOf, viewOf } from '../list/view.js';

export const SEARCH_FIELD = 'search-field';
const PAUSE_MS = 200;
const LONGEST_SEARCH = 200;

export function Search() {
  const { q } = viewOf(useAddress().searchParams);
  const [text, setText] = useState(q);
  // Whatever else changes the address, such as going back, shows here.
  useEffect(() => setText((before) => (before.trim() === q ? before : q)), [q]);
  useEffect(() => {
    if (text.trim() === q) return undefined;
    const timer = setTimeout(() => searchFor(text.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <form
      class="search"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        searchFor(text.trim());
      }}
    >
      <input
        id={SEARCH_FIELD}
        class="input"
        type="search"
        value={text}
        aria-label="Search titles and notes"
        placeholder="Search"
        autocomplete="off"
        maxLength={LONGEST_SEARCH}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          if (text === '') event.currentTarget.blur();
          else setText('');
        }}
      />
      <kbd aria-hidden="true">/</kbd>
    </form>
  );
}

/** Only the first letter of a search is a step to go back over. */
function searchFor(q: string): void {
  const { pathname, searchParams } = currentAddress();
  const view = viewOf(searchParams);
  navigate(pathOf(changed(view, { q })), { replace: pathname === '/' && view.q !== '' });
}

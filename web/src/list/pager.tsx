// Where one is in the list, how to go on, and how much a page holds. Pages are links: they can be opened beside this one.
import { navigate } from '../router.js';
import type { ItemPage } from '../api/types.js';
import { Link } from '../ui/link.js';
import { changed, lastCountable, pageNumbers, pathOf, SIZES, type View } from './view.js';

const NUMBER = new Intl.NumberFormat();

interface Neighbours {
  readonly previous: View | undefined;
  readonly next: View | undefined;
}

/** The pages beside this one; past the last that can be counted to, by cursor. */
export function neighboursOf(view: View, { total, skip, items, next_cursor }: ItemPage): Neighbours {
  const to = (page: number, cursor?: string): View => ({ ...view, page, cursor, item: undefined });
  const previous = view.page > 1 ? to(Math.min(view.page - 1, lastCountable(total, view.size))) : undefined;
  if (skip + items.length >= total || next_cursor === null) return { previous, next: undefined };
  const counted = view.page < lastCountable(total, view.size);
  return { previous, next: to(view.page + 1, counted ? undefined : next_cursor) };
}

export function Pager({ view, page }: { readonly view: View; readonly page: ItemPage }) {
  const { total, skip, items } = page;
  const last = lastCountable(total, view.size);
  const { previous, next } = neighboursOf(view, page);
  return (
    <nav class="pager" aria-label="Pages of the list">
      <p class="secondary pager-position">
        {items.length === 0 ? '0' : `${NUMBER.format(skip + 1)}–${NUMBER.format(skip + items.length)}`} of {NUMBER.format(total)}
      </p>
      <div class="pager-pages">
        <PageLink to={previous} label="Previous page" text="‹" />
        {pageNumbers(Math.min(view.page, last), last).map((number, index) =>
          number === 0 ? (
            <span key={`gap-${index}`} class="secondary" aria-hidden="true">
              …
            </span>
          ) : (
            <Link
              key={number}
              href={pathOf({ ...view, page: number, cursor: undefined, item: undefined })}
              class="page-link number"
              aria-label={`Page ${number}`}
              aria-current={number === view.page ? 'page' : undefined}
            >
              {number}
            </Link>
          ),
        )}
        <PageLink to={next} label="Next page" text="›" />
      </div>
      <label class="pager-size secondary">
        <span class="hidden-visually">Titles on a page</span>
        <select
          class="input"
          value={String(view.size)}
          onChange={(event) => navigate(pathOf(changed(view, { size: Number(event.currentTarget.value) })))}
        >
          {SIZES.map((size) => (
            <option key={size} value={String(size)}>
              {size} a page
            </option>
          ))}
        </select>
      </label>
    </nav>
  );
}

function PageLink({ to, label, text }: { readonly to: View | undefined; readonly label: string; readonly text: string }) {
  return to ? (
    <Link href={pathOf(to)} class="page-link" aria-label={label}>
      {text}
    </Link>
  ) : (
    <span class="page-link" aria-hidden="true">
      {text}
    </span>
  );
}

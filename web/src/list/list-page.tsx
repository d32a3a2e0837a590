// The list: what the address asks for, with the edits that are on their way.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { AddField, ADD_FIELD } from '../add/add-field.js';
import type { Item, Status } from '../api/types.js';
import { rowOf, type Row, withEdits } from '../edits/edit.js';
import { changeItem, deleteItems, rowKey, undo, useConflicts, useEdits } from '../edits/edits.js';
import { navigate, useAddress } from '../router.js';
import { useKeys } from '../shell/keys.js';
import { ProblemNotice } from '../ui/problem-notice.js';
import { SkeletonRows } from '../ui/skeleton.js';
import { ConflictDialog } from './conflict-dialog.js';
import { EmptyList } from './empty-list.js';
import { ItemRow } from './item-row.js';
import { nextStatus } from './item-words.js';
import { neighboursOf, Pager } from './pager.js';
import { useCounts, useItem, useItems } from './queries.js';
import { SelectionBar } from './selection-bar.js';
import { Toolbar } from './toolbar.js';
import { lastCountable, pathOf, STATUSES, type View, viewOf } from './view.js';

const LARGEST_SKELETON = 12;

export function ListPage() {
  const view = viewOf(useAddress().searchParams);
  const page = useItems(view);
  const counts = useCounts(view);
  const edits = useEdits();
  const [conflict] = useConflicts();
  const [selecting, setSelecting] = useState(false);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const list = useRef<HTMLUListElement>(null);

  const rows = page.data ? withEdits(page.data.items, edits) : [];
  const isOpen = (id: string): boolean => view.item !== undefined && rowKey(view.item) === rowKey(id);
  const isElsewhere = page.data !== undefined && view.item !== undefined && !rows.some(({ item }) => isOpen(item.id));
  const elsewhere = useItem(isElsewhere ? view.item : undefined);
  const shown = isElsewhere && elsewhere.data ? [rowOf(elsewhere.data, edits), ...rows] : rows;

  const open = (id: string, wanted: boolean): void => {
    navigate(pathOf({ ...view, item: wanted ? id : undefined }), { replace: !wanted });
    if (!wanted) focusRow(id);
  };
  const select = (id: string, wanted: boolean): void =>
    setSelected((before) => new Set(wanted ? [...before, id] : [...before].filter((each) => each !== id)));
  const clearSelection = (): void => {
    setSelected(new Set());
    setSelecting(false);
  };
  const { item: _, ...place } = view;
  useEffect(clearSelection, [JSON.stringify(place)]);
  useComingBackToLastPage(view, page.data?.total, page.isPlaceholderData);

  const focusRow = (id: string): void => rowElement(list.current, id)?.querySelector<HTMLElement>('.row-open')?.focus();
  const chosen = useListKeys({ view, rows: shown, list, open, select, selected, page: page.data });
  // Where a row has gone, the one that came in its place is the next to act on.
  useLayoutEffect(() => chosen.keepFocus(), [shown.length]);

  return (
    <>
      <h1 class="hidden-visually">Watchlist</h1>
      <AddField />
      <Toolbar view={view} counts={counts} selecting={selecting} onSelecting={(on) => (on ? setSelecting(true) : clearSelection())} />
      {page.error && (
        <ProblemNotice error={page.error}>
          <button type="button" class="button" onClick={() => void page.refetch()}>
            Try again
          </button>
        </ProblemNotice>
      )}
      {elsewhere.error && isElsewhere && <ProblemNotice error={elsewhere.error} />}
      {page.isPending && !page.error && <SkeletonRows count={Math.min(view.size, LARGEST_SKELETON)} label="Loading your list …" />}
      {shown.length > 0 && (
        <ul
          ref={list}
          class={selecting || selected.size > 0 ? 'list selecting' : 'list'}
          data-old={page.isPlaceholderData}
          aria-label="Titles"
          aria-busy={page.isPlaceholderData}
        >
          {shown.map((row) => (
            <ItemRow
              key={rowKey(row.item.id)}
              row={row}
              open={isOpen(row.item.id)}
              selected={selected.has(row.item.id)}
              onOpen={(wanted) => open(row.item.id, wanted)}
              onSelect={(wanted) => select(row.item.id, wanted)}
            />
          ))}
        </ul>
      )}
      {page.data && shown.length === 0 && <EmptyList view={view} />}
      {page.data && page.data.total > 0 && <Pager view={view} page={page.data} />}
      {selected.size > 0 && <SelectionBar items={itemsOf(shown, selected)} onDone={clearSelection} />}
      {conflict && <ConflictDialog key={conflict.id} conflict={conflict} />}
    </>
  );
}

/** A page that is empty because its last titles went away gives way to the last that is not. */
function useComingBackToLastPage(view: View, total: number | undefined, isOld: boolean): void {
  useEffect(() => {
    if (total === undefined || isOld || view.cursor !== undefined) return;
    const last = lastCountable(total, view.size);
    if (view.page > last) navigate(pathOf({ ...view, page: last }), { replace: true });
  }, [total, isOld, view.page]);
}

interface ListState {
  readonly view: View;
  readonly rows: readonly Row[];
  readonly list: { readonly current: HTMLUListElement | null };
  readonly page: Parameters<typeof neighboursOf>[1] | undefined;
  readonly selected: ReadonlySet<string>;
  readonly open: (id: string, wanted: boolean) => void;
  readonly select: (id: string, wanted: boolean) => void;
}

function useListKeys({ view, rows, list, page, selected, open, select }: ListState): { keepFocus: () => void } {
  /** The row that the keys are about: where the focus is or was last. */
  const current = useRef<{ id: string | undefined; index: number; focused: boolean }>({ id: undefined, index: -1, focused: false });
  const look = (): number => {
    const focused = document.activeElement?.closest<HTMLElement>('[data-row]')?.dataset.row;
    const id = focused ?? current.current.id;
    const index = rows.findIndex(({ item }) => item.id === id);
    if (index >= 0) current.current = { id, index, focused: focused !== undefined };
    return index;
  };
  const go = (index: number): void => {
    const row = rows[Math.max(0, Math.min(index, rows.length - 1))];
    if (!row) return;
    rowElement(list.current, row.item.id)?.querySelector<HTMLElement>('.row-open')?.focus();
    look();
  };
  const withRow = (act: (item: Item) => void) => (): void => {
    const row = rows[look()];
    if (row) act(row.item);
    else go(0);
  };
  const mark = (status: (item: Item) => Status): (() => void) =>
    selected.size > 0
      ? () => itemsOf(rows, selected).forEach((item) => changeItem(item, { status: status(item) }))
      : withRow((item) => changeItem(item, { status: status(item) }));
  const turn = (which: 'next' | 'previous'): void => {
    const to = page && neighboursOf(view, page)[which];
    if (to) navigate(pathOf(to));
  };
  useKeys({
    a: () => document.getElementById(ADD_FIELD)?.focus(),
    j: () => go(look() + 1),
    k: () => go(look() - 1),
    e: withRow((item) => open(item.id, true)),
    s: mark(({ status }) => nextStatus(status)),
    x: withRow((item) => select(item.id, !selected.has(item.id))),
    d: selected.size > 0 ? () => deleteItems(itemsOf(rows, selected)) : withRow((item) => deleteItems([item])),
    u: () => undo(),
    n: () => turn('next'),
    p: () => turn('previous'),
    ...Object.fromEntries(STATUSES.map((status, index) => [String(index + 1), mark(() => status)])),
  });
  return {
    keepFocus: () => {
      const { id, index, focused } = current.current;
      if (id === undefined || !focused || rows.some(({ item }) => item.id === id) || document.activeElement !== document.body) return;
      go(index);
    },
  };
}

function itemsOf(rows: readonly Row[], ids: ReadonlySet<string>): Item[] {
  return rows.flatMap(({ item }) => (ids.has(item.id) ? [item] : []));
}

function rowElement(list: HTMLUListElement | null, id: string): HTMLElement | undefined {
  return [...(list?.querySelectorAll<HTMLElement>('[data-row]') ?? [])].find(({ dataset }) => dataset.row === id);
}

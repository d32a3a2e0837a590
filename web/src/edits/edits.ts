// What the pages call to change something. Everything shows at once, is sent by the outbox, and what became of it is said here.
import { queryClient } from '../api/client.js';
import { connected } from '../api/connection.js';
import { Problem, wordsFor } from '../api/problem.js';
import type { Changes, Item, ItemPage, NewItem, OperationResult } from '../api/types.js';
import { navigate } from '../router.js';
import { session } from '../session/session.js';
import { onOtherTabs, tellOtherTabs } from '../session/tabs.js';
import { Store } from '../store.js';
import { useStore } from '../use-store.js';
import { announce } from '../ui/announce.js';
import { clearToasts, toast } from '../ui/toasts.js';
import { type Conflict, type Edit, isFulfilled, newKey } from './edit.js';
import { Outbox } from './outbox.js';
import { sendEdit } from './send-edit.js';

export const UNDO_MS = 10_000;
/** As many as the service takes at once. */
const LARGEST_BATCH = 500;

/** Query keys begin with one of these. */
const LISTS = ['items', 'counts', 'trash', 'item'] as const;

const outbox = new Outbox({
  send: sendEdit,
  connection: untilConnected,
  pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  storage: window.sessionStorage,
  onSaved: saved,
  onRefused: refused,
  onIdle: () => {
    refreshLists();
    tellOtherTabs({ type: 'changed' });
  },
});

export const useEdits = (): readonly Edit[] => useStore(outbox.contents).edits;
export const useConflicts = (): readonly Conflict[] => useStore(outbox.contents).conflicts;
export const keepMine = (conflict: Conflict): void => outbox.keepMine(conflict);
export const keepTheirs = (conflict: Conflict): void => outbox.keepTheirs(conflict.id);

/** What was refused, to be edited again: texts of the add field, and changes by the item's id. */
export const refusedText = new Store<string | undefined>(undefined);
export const refusedChanges = new Map<string, Changes>();

/** An added item keeps, in this page, the key under which it was first shown: its row stays the same row. */
const firstKeys = new Map<string, string>();
export const rowKey = (id: string): string => firstKeys.get(id) ?? id;

export function addItem(item: NewItem, text: string): void {
  outbox.push({ kind: 'add', key: newKey(), item, text, at: new Date().toISOString() });
}

export function addItems(items: readonly NewItem[]): void {
  for (let start = 0; start < items.length; start += LARGEST_BATCH)
    outbox.push({ kind: 'add-many', key: newKey(), items: items.slice(start, start + LARGEST_BATCH) });
}

/** @param base the item as it is shown */
export function changeItem(base: Item, changes: Changes): void {
  if (!isFulfilled(changes, base)) outbox.push({ kind: 'change', key: newKey(), id: base.id, changes, base });
}

interface Undoable {
  readonly deletions: readonly { readonly key: string; readonly item: Item }[];
  readonly dismiss: () => void;
}

let undoables: Undoable[] = [];

export function deleteItems(items: readonly Item[]): void {
  const deletions = items.map((item) => ({ key: newKey(), item }));
  for (const { key, item } of deletions) outbox.push({ kind: 'delete', key, id: item.id, item });
  const text = items.length === 1 ? `Deleted “${items[0]?.title}”.` : `Deleted ${items.length} titles.`;
  const dismiss = toast({ text, staysMs: UNDO_MS, action: { label: 'Undo', key: 'u', perform: () => undo(undoable) } });
  const undoable: Undoable = { deletions, dismiss };
  undoables.push(undoable);
  setTimeout(() => (undoables = undoables.filter((each) => each !== undoable)), UNDO_MS);
}

/** The last deletion, or the given one, as long as its ten seconds last. */
export function undo(undoable = undoables.at(-1)): void {
  if (!undoable) return announce('There is nothing to undo.');
  undoables = undoables.filter((each) => each !== undoable);
  undoable.dismiss();
  for (const { key, item } of undoable.deletions) if (!outbox.withdraw(key)) restoreItem(item);
  announce('Undone.');
}

export function restoreItem(item: Item): void {
  outbox.push({ kind: 'restore', key: newKey(), id: item.id, item });
}

function saved(edit: Edit, answer: unknown): void {
  // An answer that is on its way may be from before the edit.
  for (const list of LISTS) void queryClient.cancelQueries({ queryKey: [list] });
  if (edit.kind === 'add') {
    const item = answer as Item;
    firstKeys.set(item.id, edit.key);
    changePages(({ items, total, ...page }) => ({ ...page, items: [item, ...items], total: total + 1 }));
    announce(`Added “${item.title}”.`);
  }
  if (edit.kind === 'change') replaceItem(answer as Item);
  if (edit.kind === 'delete') {
    changePages(({ items, total, ...page }) => ({ ...page, items: items.filter(({ id }) => id !== edit.id), total: total - 1 }));
  }
  if (edit.kind === 'restore') announce(`Restored “${edit.item.title}”.`);
  if (edit.kind === 'add-many') tellOfMany(edit.items, (answer as { results: readonly OperationResult[] }).results);
}

function refused(edit: Edit, error: unknown): void {
  if (edit.kind === 'add' && error instanceof Problem && error.code === 'duplicate_item') return tellOfDuplicate(edit.item.title, error);
  if (edit.kind === 'add') {
    const again = { label: 'Edit again', perform: () => refusedText.set(edit.text) };
    toast({ text: `“${edit.item.title}” was not added. ${wordsFor(error)}`, error, action: again });
  } else if (edit.kind === 'change') {
    const perform = (): void => {
      refusedChanges.set(edit.id, edit.changes);
      navigate(`/?item=${edit.id}`);
    };
    toast({ text: `“${edit.base.title}” was not saved. ${wordsFor(error)}`, error, action: { label: 'Edit again', perform } });
  } else if (edit.kind === 'add-many') {
    toast({ text: `${edit.items.length} titles were not added. ${wordsFor(error)}`, error });
  } else {
    const done = edit.kind === 'delete' ? 'deleted' : 'restored';
    toast({ text: `“${edit.item.title}” was not ${done}. ${wordsFor(error)}`, error });
  }
  refreshLists();
}

function tellOfDuplicate(title: string, { details }: Problem): void {
  toast({ text: `“${title}” is already there.` });
  navigate(`/?item=${String(details.existing_id)}`);
}

function tellOfMany(items: readonly NewItem[], results: readonly OperationResult[]): void {
  const count = (matches: (result: OperationResult) => boolean): number => results.filter(matches).length;
  const there = count(({ error }) => error?.code === 'duplicate_item');
  const wrong = results.flatMap(({ error }, index) => (error && error.code !== 'duplicate_item' ? [items[index]?.title ?? ''] : []));
  const parts = [
    `Added ${titles(count(({ error }) => !error))}.`,
    ...(there > 0 ? [`${there} ${there === 1 ? 'was' : 'were'} already there.`] : []),
    ...(wrong.length > 0 ? [`Refused: ${wrong.join(', ')}.`] : []),
  ];
  toast({ text: parts.join(' ') });
}

const titles = (count: number): string => (count === 1 ? '1 title' : `${count} titles`);

function replaceItem(item: Item): void {
  changePages(({ items, ...page }) => ({ ...page, items: items.map((each) => (each.id === item.id ? item : each)) }));
  queryClient.setQueryData(['item', item.id], item);
}

/** The pages that are shown, until they have been asked for again. */
function changePages(change: (page: ItemPage) => ItemPage): void {
  queryClient.setQueriesData<ItemPage>({ queryKey: ['items'], type: 'active' }, (page) => page && change(page));
}

function refreshLists(): void {
  for (const list of LISTS) void queryClient.invalidateQueries({ queryKey: [list] });
}

function untilConnected(): Promise<void> {
  return new Promise((resolve) => {
    if (connected.value) return resolve();
    const stop = connected.subscribe(() => {
      if (!connected.value) return;
      stop();
      resolve();
    });
  });
}

onOtherTabs(({ type }) => type === 'changed' && refreshLists());

let userId: string | undefined;

function follow(): void {
  const { value } = session;
  const next = value.state === 'in' ? value.user.id : undefined;
  if (next === userId) return;
  userId = next;
  outbox.close();
  queryClient.clear();
  clearToasts();
  undoables = [];
  if (next !== undefined) outbox.open(next);
}

session.subscribe(follow);
follow();

// Whoever leaves while something waits is asked.
window.addEventListener('beforeunload', (event) => {
  if (outbox.waiting > 0) event.preventDefault();
});

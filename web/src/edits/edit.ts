// What somebody did that is not yet known to be saved, and how the list looks with it.
import type { Changes, Item, NewItem } from '../api/types.js';

interface Named {
  /** Its own for good: the idempotency key of however many attempts, and the id of an item that has none yet. */
  readonly key: string;
}

export interface Adding extends Named {
  readonly kind: 'add';
  readonly item: NewItem;
  /** As it was typed. */
  readonly text: string;
  readonly at: string;
}

export interface AddingMany extends Named {
  readonly kind: 'add-many';
  readonly items: readonly NewItem[];
}

export interface Changing extends Named {
  readonly kind: 'change';
  readonly id: string;
  readonly changes: Changes;
  /** The item as it was shown, whose version the change is meant for. */
  readonly base: Item;
}

export interface Deleting extends Named {
  readonly kind: 'delete';
  readonly id: string;
  readonly item: Item;
}

export interface Restoring extends Named {
  readonly kind: 'restore';
  readonly id: string;
  readonly item: Item;
}

export type Edit = Adding | AddingMany | Changing | Deleting | Restoring;

/** A change that was meant for another version than the one there is. */
export interface Conflict {
  readonly id: string;
  readonly base: Item;
  readonly mine: Changes;
  readonly current: Item;
}

export interface Row {
  readonly item: Item;
  /** Whether something about it is not saved yet. */
  readonly waiting: boolean;
}

/** Hexadecimal: browsers keep `randomUUID` for secure pages. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The items of a page as they will be: what is being added first, what is being deleted left out. */
export function withEdits(items: readonly Item[], edits: readonly Edit[]): Row[] {
  const added = edits.filter((edit) => edit.kind === 'add').map(draft);
  return [...added.toReversed(), ...items].filter(({ id }) => !isDeleted(id, edits)).map((item) => rowOf(item, edits));
}

export function rowOf(item: Item, edits: readonly Edit[]): Row {
  const changes = edits.filter((edit) => edit.kind === 'change' && edit.id === item.id) as Changing[];
  const waiting = changes.length > 0 || edits.some((edit) => edit.kind === 'add' && edit.key === item.id);
  return { item: Object.assign({ ...item }, ...changes.map((edit) => edit.changes)) as Item, waiting };
}

function isDeleted(id: string, edits: readonly Edit[]): boolean {
  return edits.findLast((edit) => (edit.kind === 'delete' || edit.kind === 'restore') && edit.id === id)?.kind === 'delete';
}

function draft({ key, item, at }: Adding): Item {
  return { status: 'planned', year: null, rating: null, notes: null, ...item, id: key, version: 0, created_at: at, updated_at: at };
}

/** Whether nothing is left to do: the item is as the changes want it. */
export function isFulfilled(changes: Changes, item: Item): boolean {
  return Object.entries(changes).every(([name, value]) => item[name as keyof Changes] === value);
}

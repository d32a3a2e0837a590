// The edits that are not saved yet, in the order they were made. They are sent one after the other, each until the service has
// answered: what gets no answer waits for the connection and is sent again as the same request, so that it is done once. They
// outlive a reload, and a session that ended.
import { Problem, Unreachable } from '../api/problem.js';
import type { Changes, Item } from '../api/types.js';
import { Store } from '../store.js';
import { type Changing, type Conflict, type Edit, isFulfilled, newKey } from './edit.js';

/** What sends an edit. The answer is the item as it is afterwards, where there is one. */
export type Send = (edit: Edit, version: number) => Promise<unknown>;

export interface Surroundings {
  readonly send: Send;
  /** Settles when the service can be reached (again). */
  readonly connection: () => Promise<void>;
  readonly pause: (ms: number) => Promise<void>;
  readonly storage: {
    getItem(name: string): string | null;
    setItem(name: string, value: string): void;
    removeItem(name: string): void;
  };
  readonly onSaved: (edit: Edit, answer: unknown) => void;
  /** It was refused for good, and is no longer shown. */
  readonly onRefused: (edit: Edit, error: unknown) => void;
  /** Nothing waits any more. */
  readonly onIdle: () => void;
}

interface Contents {
  readonly edits: readonly Edit[];
  readonly conflicts: readonly Conflict[];
}

const EMPTY: Contents = { edits: [], conflicts: [] };
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
/** A defect of the service does not pass by waiting, and must not hold up everything else for ever. */
const MOST_DEFECTS = 3;

export class Outbox {
  readonly contents = new Store<Contents>(EMPTY);
  /** Which version our own write made of which: whoever edits faster than the service answers is in conflict with nobody. */
  private readonly ownVersions = new Map<string, number>();
  private owner: string | undefined;
  private sending: Edit | undefined;

  constructor(private readonly surroundings: Surroundings) {}

  /** Goes on with what the user left behind in this tab. */
  open(userId: string): void {
    this.owner = userId;
    const kept = this.surroundings.storage.getItem(this.place);
    this.contents.set(kept === null ? EMPTY : (JSON.parse(kept) as Contents));
    void this.run();
  }

  /** Nothing is sent any more; what waits is kept for the user's return. */
  close(): void {
    this.owner = undefined;
    this.contents.set(EMPTY);
  }

  get waiting(): number {
    return this.contents.value.edits.length;
  }

  push(edit: Edit): void {
    this.update(({ edits, conflicts }) => ({ edits: [...edits, edit], conflicts }));
    void this.run();
  }

  /** @returns whether it was early enough to take it back unsent */
  withdraw(key: string): boolean {
    if (this.sending?.key === key || !this.contents.value.edits.some((edit) => edit.key === key)) return false;
    this.remove(key);
    return true;
  }

  /** Sends the changes again, for the version there is now. */
  keepMine({ id, mine, current }: Conflict): void {
    this.keepTheirs(id);
    this.push({ kind: 'change', key: newKey(), id, changes: mine, base: current });
  }

  keepTheirs(id: string): void {
    this.update(({ edits, conflicts }) => ({ edits, conflicts: conflicts.filter((conflict) => conflict.id !== id) }));
  }

  private async run(): Promise<void> {
    if (this.sending) return;
    const { owner } = this;
    let failures = 0;
    let worked = false;
    while (owner !== undefined && owner === this.owner) {
      const [edit] = this.contents.value.edits;
      if (!edit) break;
      this.sending = edit;
      worked = true;
      try {
        const answer = await this.surroundings.send(edit, this.versionFor(edit));
        failures = 0;
        if (owner === this.owner) this.saved(edit, answer);
      } catch (error) {
        if (owner !== this.owner) break;
        failures += 1;
        await this.failed(edit, error, failures);
        if (!this.contents.value.edits.includes(edit)) failures = 0;
      }
    }
    this.sending = undefined;
    if (this.owner !== undefined && this.owner !== owner) void this.run();
    else if (worked && this.waiting === 0) this.surroundings.onIdle();
  }

  private saved(edit: Edit, answer: unknown): void {
    if (edit.kind === 'change') this.ownVersions.set(`${edit.id}:${this.versionFor(edit)}`, (answer as Item).version);
    this.remove(edit.key, edit.kind === 'add' ? (answer as Item) : undefined);
    this.surroundings.onSaved(edit, answer);
  }

  private async failed(edit: Edit, error: unknown, failures: number): Promise<void> {
    if (error instanceof Unreachable) return this.surroundings.connection();
    if (!(error instanceof Problem)) return this.refuse(edit, error);
    if (error.status === 401) return this.sessionEnded();
    if (error.passes && !(error.code === 'internal_error' && failures >= MOST_DEFECTS)) {
      const growing = Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS);
      return this.surroundings.pause(Math.max(growing, (error.retryAfterSeconds ?? 0) * 1_000));
    }
    if (error.code !== 'precondition_failed' || edit.kind !== 'change') return this.refuse(edit, error);
    const current = error.details.current as Item;
    // An answer that was lost looks like this, too.
    if (isFulfilled(edit.changes, current)) this.saved(edit, current);
    else this.collide(edit, current);
    return undefined;
  }

  /** The page shows the way in; whoever comes back goes on here. */
  private sessionEnded(): void {
    this.owner = undefined;
  }

  /** What was done to an item that could not be added has nothing left to be done to. */
  private refuse(edit: Edit, error: unknown): void {
    this.update(({ edits, conflicts }) => ({
      edits: edits.filter((each) => each.key !== edit.key && !('id' in each && each.id === edit.key)),
      conflicts,
    }));
    this.surroundings.onRefused(edit, error);
  }

  /** All that waits for the item is one conflict. */
  private collide({ id, base }: Changing, current: Item): void {
    this.update(({ edits, conflicts }) => {
      const concerned = edits.filter((edit): edit is Changing => edit.kind === 'change' && edit.id === id);
      const mine: Changes = Object.assign({}, ...concerned.map(({ changes }) => changes));
      return {
        edits: edits.filter((edit) => !concerned.includes(edit as Changing)),
        conflicts: [...conflicts.filter((conflict) => conflict.id !== id), { id, base, mine, current }],
      };
    });
  }

  private versionFor(edit: Edit): number {
    if (edit.kind !== 'change') return 0;
    let { version } = edit.base;
    for (;;) {
      const next = this.ownVersions.get(`${edit.id}:${version}`);
      if (next === undefined || next <= version) return version;
      version = next;
    }
  }

  /** @param added the item that the edit has made: what was done to it meanwhile gets its id */
  private remove(key: string, added?: Item): void {
    this.update(({ edits, conflicts }) => {
      const others = edits.filter((edit) => edit.key !== key);
      return { edits: added ? others.map((edit) => renamed(edit, key, added)) : others, conflicts };
    });
  }

  private update(change: (contents: Contents) => Contents): void {
    const contents = change(this.contents.value);
    const { storage } = this.surroundings;
    if (contents.edits.length + contents.conflicts.length === 0) storage.removeItem(this.place);
    else storage.setItem(this.place, JSON.stringify(contents));
    this.contents.set(contents);
  }

  private get place(): string {
    return `watchlist-edits:${this.owner}`;
  }
}

function renamed(edit: Edit, key: string, item: Item): Edit {
  if (!('id' in edit) || edit.id !== key) return edit;
  return edit.kind === 'change' ? { ...edit, id: item.id, base: item } : { ...edit, id: item.id, item };
}

// What belongs to a piece of work and is needed far from where it began. It is switched off while no such work is done: before
// Node 24 an AsyncLocalStorage that was used once costs every promise of the process from then on, a quarter of a small request.
import { AsyncLocalStorage } from 'node:async_hooks';

export class WorkContext<T extends object> {
  private readonly storage = new AsyncLocalStorage<T>();
  private readonly going = new Set<T>();

  /** What the work was begun with that this is a part of. */
  get current(): T | undefined {
    return this.storage.getStore();
  }

  async run<R>(value: T, work: () => Promise<R>): Promise<R> {
    try {
      return await this.begin(value, work);
    } finally {
      this.end(value);
    }
  }

  /** For work that is not over when `start` is: whatever that sets going is a part of it, until `end`. */
  begin<R>(value: T, start: () => R): R {
    this.going.add(value);
    return this.storage.run(value, start);
  }

  end(value: T): void {
    if (this.going.delete(value) && this.going.size === 0) this.storage.disable();
  }
}

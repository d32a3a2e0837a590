// What belongs to a piece of work and is needed far from where it began. It is switched off while no such work is done: before
// Node 24 an AsyncLocalStorage that was used once costs every promise of the process from then on, a quarter of a small request.
import { AsyncLocalStorage } from 'node:async_hooks';

export class WorkContext<T extends object> {
  private readonly storage = new AsyncLocalStorage<T>();
  private underWay = 0;

  /** What the work was begun with that this is a part of. */
  get current(): T | undefined {
    return this.storage.getStore();
  }

  async run<R>(value: T, work: () => Promise<R>): Promise<R> {
    this.underWay++;
    try {
      return await this.storage.run(value, work);
    } finally {
      if (--this.underWay === 0) this.storage.disable();
    }
  }
}

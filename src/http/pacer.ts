// Long work in one request, in slices: between them everybody else has a turn.
import { setImmediate as nextTurn } from 'node:timers/promises';

const SLICE_MS = 5;

export class Pacer {
  private since = performance.now();

  /** To be called between small steps; lets the others go first once the slice is used up. */
  async pause(): Promise<void> {
    if (performance.now() - this.since < SLICE_MS) return;
    await nextTurn();
    this.since = performance.now();
  }
}

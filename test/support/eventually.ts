// For what becomes true by itself a little later: asks again until it has, and fails when it never does.
import { setTimeout as pause } from 'node:timers/promises';

const PATIENCE_MS = 15_000;
const PAUSE_MS = 20;

/** Tries again for as long as the attempt throws or answers `false`. @throws what the last attempt threw, when the time is over */
export async function eventually<T>(attempt: () => Promise<T> | T): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      const result = await attempt();
      if (result !== false) return result;
      if (performance.now() > deadline) throw new Error(`It never happened: ${attempt.toString()}`);
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    await pause(PAUSE_MS);
  }
}

// How long something took, and waiting for what must become true.
import { setTimeout as pause } from 'node:timers/promises';

export async function timed<T>(work: Promise<T>): Promise<{ readonly result: T; readonly ms: number }> {
  const start = performance.now();
  const result = await work;
  return { result, ms: performance.now() - start };
}

/** Tries again until it no longer throws. @throws what the last attempt threw, when the time is over */
export async function eventually<T>(attempt: () => Promise<T>, patienceMs = 10_000): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await pause(20);
    }
  }
}

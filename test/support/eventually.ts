// For what happens by itself a little later: asks again until it has happened, and fails when it never does.
import { setTimeout as pause } from 'node:timers/promises';

const PATIENCE_MS = 10_000;
const PAUSE_MS = 10;

/** @throws Error when the condition is still not met after ten seconds */
export async function eventually(condition: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`It never happened: ${condition.toString()}`);
    await pause(PAUSE_MS);
  }
}

// Whether the service can be reached. Calls tell how they fared; once one got no answer, `/health` is asked until it has one, and
// whatever waits for the connection goes on. `navigator.onLine` alone knows nothing of a service that is down.
import { onlineManager } from '@tanstack/preact-query';
import { Store } from '../store.js';

const FIRST_PROBE_MS = 1_000;
const LONGEST_PAUSE_MS = 10_000;
const PROBE_TIMEOUT_MS = 5_000;

export const connected = new Store(true);
// Queries wait for the same connection.
onlineManager.setEventListener((setOnline) => connected.subscribe(() => setOnline(connected.value)));

let pause = FIRST_PROBE_MS;
let timer: ReturnType<typeof setTimeout> | undefined;

export function reached(): void {
  clearTimeout(timer);
  timer = undefined;
  pause = FIRST_PROBE_MS;
  connected.set(true);
}

export function lost(): void {
  connected.set(false);
  timer ??= setTimeout(() => void probe(), pause);
}

async function probe(): Promise<void> {
  pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  timer = undefined;
  try {
    const { ok } = await fetch('/health', { cache: 'no-store', signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
    if (ok) reached();
    else lost();
  } catch {
    lost();
  }
}

window.addEventListener('offline', lost);
window.addEventListener('online', () => {
  clearTimeout(timer);
  void probe();
});

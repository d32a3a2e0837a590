// Stopping in good order: not ready any more, no new connections, what is in flight is answered, then everything is closed.
import type { INestApplicationContext } from '@nestjs/common';

/** An orchestrator kills what takes longer than its grace period; ten seconds is the shortest usual one. */
const LONGEST_STOP_MS = 8_000;

export function stopOnSignals(app: INestApplicationContext): void {
  const stop = (): void => {
    setTimeout(() => process.exit(1), LONGEST_STOP_MS).unref();
    void app.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

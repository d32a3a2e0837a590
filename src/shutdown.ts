// Stopping in good order: not ready any more, no new connections, what is in flight is answered, then everything is closed.
import { type INestApplicationContext, Logger } from '@nestjs/common';

/** An orchestrator kills what takes longer than its grace period; ten seconds is the shortest usual one. */
const LONGEST_STOP_MS = 8_000;

const logger = new Logger('Service');

export function stopOnSignals(app: INestApplicationContext): void {
  const stop = (signal: NodeJS.Signals): void => {
    logger.log({ signal }, 'stopping');
    setTimeout(() => process.exit(1), LONGEST_STOP_MS).unref();
    void app.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

/** A defect that nothing caught ends the process, whose state nobody knows any more; the log says so, in its own form. */
export function stopOnDefects(): void {
  process.once('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'ended by a defect');
    process.exit(1);
  });
}

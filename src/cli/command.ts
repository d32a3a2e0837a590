// What the commands share: a result becomes an exit code, a failure one line of plain words.

export class UsageError extends Error {}

/** Ends the process with what the command returns; 1 when it throws, 2 when it was called wrongly. */
export function runCommand(command: (args: string[]) => Promise<number>): void {
  command(process.argv.slice(2)).then(
    (code) => process.exit(code),
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : String(error));
      process.exit(error instanceof UsageError ? 2 : 1);
    },
  );
}

const PROGRESS_EVERY_MS = 1_000;

/** A function that tells how far something is whenever it is called, but says so about once a second only. */
export function onceASecond<A extends unknown[]>(describe: (...args: A) => string): (...args: A) => void {
  let next = Date.now() + PROGRESS_EVERY_MS;
  return (...args) => {
    if (Date.now() < next) return;
    next = Date.now() + PROGRESS_EVERY_MS;
    console.error(describe(...args));
  };
}

// For work that always starts from the present state, so that asking twice needs no second run.

/**
 * Never runs the task twice at once. A run that is yet to begin serves all who ask before it begins, so everybody gets
 * the result of a run that began after they asked.
 */
export function oneAtATime<T>(task: () => Promise<T>): () => Promise<T> {
  let running: Promise<unknown> = Promise.resolve();
  let waiting: Promise<T> | undefined;
  const begin = (): Promise<T> => {
    waiting = undefined;
    const run = task();
    running = run;
    return run;
  };
  return () => (waiting ??= running.then(begin, begin));
}

// Requests that arrive in one turn of the event loop are begun together, once all of them are read, and so their answers go out one
// right after the other. Each answer that goes out alone has the system wake its caller, or the network card, which takes longer
// than most answers; and what one of them awaits, it awaits together with the others.

let arrived: (() => void)[] = [];

/** Begins a request once everything else that has arrived is read, in the same turn of the event loop. */
export function withOthers(begin: () => void): void {
  if (arrived.push(begin) === 1) setImmediate(beginAll);
}

function beginAll(): void {
  const all = arrived;
  arrived = [];
  for (const begin of all) begin();
}

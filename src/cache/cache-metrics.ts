// What the cache is worth, and whether it is there.
import { Counter, Gauge } from 'prom-client';

const counts = new Map<string, Map<string, number>>();
const lookups: Counter = new Counter({
  name: 'watchlist_cache_lookups_total',
  help: 'Lookups in the cache, by what was looked up and how that ended.',
  labelNames: ['kind', 'result'],
  collect: () => {
    lookups.reset();
    for (const [kind, results] of counts) for (const [result, count] of results) lookups.inc({ kind, result }, count);
  },
});
const open = new Gauge({ name: 'watchlist_cache_breaker_open', help: '1 while Redis is not asked because it did not answer, else 0.' });

/** Only counted here: the counter is told when somebody looks. */
export function countLookup(kind: string, result: 'HIT' | 'MISS' | 'BYPASS'): void {
  const results = counts.get(kind) ?? new Map<string, number>();
  counts.set(kind, results.set(result, (results.get(result) ?? 0) + 1));
}

export function showBreaker(isOpen: boolean): void {
  open.set(isOpen ? 1 : 0);
}

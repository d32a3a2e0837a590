// What the cache is worth, and whether it is there.
import { Counter, Gauge } from 'prom-client';

const lookups = new Counter({
  name: 'watchlist_cache_lookups_total',
  help: 'Lookups in the cache, by what was looked up and how that ended.',
  labelNames: ['kind', 'result'],
});
const open = new Gauge({ name: 'watchlist_cache_breaker_open', help: '1 while Redis is not asked because it did not answer, else 0.' });

export function countLookup(kind: string, result: 'HIT' | 'MISS' | 'BYPASS'): void {
  lookups.inc({ kind, result });
}

export function showBreaker(isOpen: boolean): void {
  open.set(isOpen ? 1 : 0);
}

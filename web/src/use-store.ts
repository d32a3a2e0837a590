import { useEffect, useState } from 'preact/hooks';
import type { Store } from './store.js';

/** The value as it is, now and after each change. */
export function useStore<T>(store: Store<T>): T {
  const [value, setValue] = useState(() => store.value);
  useEffect(() => {
    const update = (): void => setValue(() => store.value);
    update();
    return store.subscribe(update);
  }, [store]);
  return value;
}

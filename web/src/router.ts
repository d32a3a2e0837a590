// The address bar as state: what is shown follows from it alone, so that back, reload and a shared link work.
import { Store } from './store.js';
import { useStore } from './use-store.js';

const read = (): URL => new URL(window.location.href);

const address = new Store(read());
window.addEventListener('popstate', () => address.set(read()));

export const useAddress = (): URL => useStore(address);
export const currentAddress = (): URL => address.value;

/** @param replace for what is no step one would go back to, such as each letter of a search */
export function navigate(path: string, { replace = false } = {}): void {
  const url = new URL(path, window.location.href);
  if (url.href === address.value.href) return;
  window.history[replace ? 'replaceState' : 'pushState'](null, '', url);
  const samePage = url.pathname === address.value.pathname;
  address.set(url);
  if (!samePage) window.scrollTo(0, 0);
}

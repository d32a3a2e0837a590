// The filters of a page, kept in its address.
import { currentAddress, navigate, useAddress } from '../router.js';

export function useParameter(name: string): string {
  return useAddress().searchParams.get(name) ?? '';
}

/** Another filter begins at the first page. @param typed letter by letter, which is no step to go back to */
export function setParameters(values: Readonly<Record<string, string>>, typed = false): void {
  const url = currentAddress();
  const parameters = new URLSearchParams(url.search);
  for (const [name, value] of Object.entries(values)) {
    if (value === '') parameters.delete(name);
    else parameters.set(name, value);
  }
  navigate(`${url.pathname}${parameters.size > 0 ? `?${parameters.toString()}` : ''}`, { replace: typed });
}

// Whoever is logged in, on a page that is shown to nobody else.
import type { User } from '../api/types.js';
import { useStore } from '../use-store.js';
import { session } from './session.js';

export function useUser(): User {
  const current = useStore(session);
  if (current.state !== 'in') throw new Error('Nobody is logged in');
  return current.user;
}

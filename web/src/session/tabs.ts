// What the tabs of one browser tell each other: who is logged in, and that something of theirs has changed.
import type { User } from '../api/types.js';

export type Message =
  | { readonly type: 'logged-in'; readonly token: string; readonly endsAt: number; readonly user: User }
  | { readonly type: 'logged-out' }
  | { readonly type: 'changed' };

const channel = new BroadcastChannel('watchlist');

export function tellOtherTabs(message: Message): void {
  channel.postMessage(message);
}

export function onOtherTabs(listener: (message: Message) => void): void {
  channel.addEventListener('message', ({ data }: MessageEvent<Message>) => listener(data));
}

/** One tab at a time; without the locks, which browsers keep for secure pages, the tabs do without taking turns. */
export function oneTabAtATime<T>(name: string, work: () => Promise<T>): Promise<T> {
  return 'locks' in navigator ? navigator.locks.request(name, work) : work();
}

// Writers that go on until the service is gone, and the exact account of what they were told.
import { setTimeout as pause } from 'node:timers/promises';
import type { User } from './accounts.js';
import { ITEMS } from './items.js';

export class WriteLoad {
  /** Titles whose item was acknowledged with 201. */
  readonly acknowledged = new Set<string>();
  /** Titles that were sent and never answered: theirs is either outcome. */
  readonly unknown = new Set<string>();
  /** Any other answer. */
  readonly refused: number[] = [];
  private going = true;
  private readonly writers: Promise<void>[];

  constructor(user: User, writers: number, name: string) {
    this.writers = Array.from({ length: writers }, (_, writer) => this.write(user, `${name} ${writer}`));
  }

  /** Until so many were acknowledged. */
  async reached(count: number): Promise<void> {
    while (this.acknowledged.size < count) await pause(1);
  }

  /** To be called when the service is gone or is not to be written to any more. */
  async stop(): Promise<void> {
    this.going = false;
    await Promise.all(this.writers);
  }

  private async write(user: User, name: string): Promise<void> {
    for (let n = 0; this.going; n++) {
      const title = `${name} ${n}`;
      this.unknown.add(title);
      try {
        const { status } = await user.post(ITEMS, { title, media_type: 'movie' });
        this.unknown.delete(title);
        if (status === 201) this.acknowledged.add(title);
        else this.refused.push(status);
      } catch {
        // The connection broke: the service was killed, or does not take new ones.
        if (this.going) await pause(5);
      }
    }
  }
}

import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import sql from 'sql-template-tag';
import type { Answer } from '../support/http.js';
import { film, idempotent, ITEMS } from '../support/items.js';
import { Service, User } from '../support/service.js';

/** The same session, at another instance. */
const at = (service: Service, user: User): User => new User(service.url, user.token ?? '', user.id, user.email, user.refreshToken);
const isReplay = (answer: Answer): boolean => answer.headers.get('idempotency-replayed') === 'true';

describe('Idempotency-Key', () => {
  it('outlives a restart', async () => {
    const first = await Service.start();
    const user = await first.newUser();
    const body = film();
    const answer = await user.post(ITEMS, body, idempotent('restart'));
    await first.halt();

    const second = await Service.startOn(first.surroundings);
    const again = await at(second, user).post(ITEMS, body, idempotent('restart'));
    await second.stop();

    expect(answer.status).toBe(201);
    expect(isReplay(again)).toBe(true);
    expect(again.text).toBe(answer.text);
  });

  it('holds across instances, however the requests race', async () => {
    const first = await Service.start();
    const here = await first.newUser();
    const second = await Service.startOn(first.surroundings);
    const there = at(second, here);
    const ask = async (client: User, n: number): Promise<Answer> => {
      for (;;) {
        const answer = await client.post(ITEMS, { title: `Both ${n}`, media_type: 'movie' }, idempotent(`both ${n}`));
        if (answer.status !== 409 && answer.status !== 503) return answer;
        expect(['idempotency_in_progress', 'unavailable']).toContain(answer.body.code);
        // The others get their turn, so that the races end on a busy machine too.
        await pause(20);
      }
    };

    const races = await Promise.all(
      Array.from({ length: 30 }, (_, n) => Promise.all([ask(here, n), ask(there, n), ask(here, n), ask(there, n)])),
    );

    const items = await second.rows(sql`SELECT id FROM watchlist_items WHERE user_id = ${here.id}`);
    await first.halt();
    await second.stop();
    for (const answers of races) {
      expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
      expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
      expect(answers.filter((answer) => !isReplay(answer))).toHaveLength(1);
    }
    expect(items).toHaveLength(30);
  });
});

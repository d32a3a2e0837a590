import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import sql from 'sql-template-tag';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { TrashPurgeJob } from '../../src/watchlists/trash-purge-job.js';
import { addFilm, film, ITEMS, LIST, TRASH } from '../support/items.js';
import { Service, type User } from '../support/service.js';

const DAY_MS = 24 * 60 * 60 * 1_000;

describe('the trash', () => {
  let service: Service;
  let user: User;

  beforeAll(async () => {
    service = await Service.start();
  });
  beforeEach(async () => {
    user = await service.newUser();
  });
  afterAll(() => service.stop());

  async function deleted(fields: Record<string, unknown> = {}) {
    const item = await addFilm(user, fields);
    await user.delete(`${ITEMS}/${item.id}`);
    return item;
  }

  const restore = (id: string) => user.post(`${ITEMS}/${id}/restore`);

  /** As if it had gone into the trash that long ago. */
  async function age(id: string, days: number): Promise<void> {
    const at = new Date(Date.now() - days * DAY_MS).toISOString();
    await service.resolve(UnitOfWork).write((tx) => tx.run(sql`UPDATE watchlist_items SET deleted_at = ${at} WHERE id = ${id}`));
  }

  it('shows what was deleted and when, the newest deletion first', async () => {
    const first = await deleted({ rating: 8.5 });
    const second = await deleted();

    const { status, body } = await user.get(TRASH);

    expect(status).toBe(200);
    expect(body).toEqual({
      items: [
        { ...second, version: 2, deleted_at: expect.stringMatching(/^\d{4}-.*Z$/) },
        { ...first, version: 2, deleted_at: expect.stringMatching(/^\d{4}-.*Z$/) },
      ],
      total: 2,
      skip: 0,
      limit: 20,
      next_cursor: null,
    });
    expect(body.items[0].deleted_at >= body.items[1].deleted_at).toBe(true);
  });

  it('is paged like the list', async () => {
    const ids = [];
    for (let n = 0; n < 7; n++) ids.unshift((await deleted()).id);
    const first = await user.get(`${TRASH}?limit=3`);
    const second = await user.get(`${TRASH}?limit=3&cursor=${first.body.next_cursor}`);
    const third = await user.get(`${TRASH}?limit=3&cursor=${second.body.next_cursor}`);

    expect([first, second, third].flatMap(({ body }) => body.items.map(({ id }: { id: string }) => id))).toEqual(ids);
    expect(third.body.next_cursor).toBeNull();
    expect(first.headers.get('link')).toContain('rel="next"');
    expect((await user.get(`${TRASH}?limit=3&skip=6`)).body.items.map(({ id }: { id: string }) => id)).toEqual(ids.slice(6));
    expect((await user.get(`${LIST}?cursor=${first.body.next_cursor}`)).status).toBe(400);
    expect((await user.get(`${TRASH}?sort=title`)).status).toBe(400);
  });

  it('hides an item everywhere else', async () => {
    const item = await deleted({ title: 'Hidden', notes: 'needle' });

    expect((await user.get(LIST)).body).toMatchObject({ items: [], total: 0 });
    expect((await user.get(`${LIST}?q=needle`)).body.total).toBe(0);
    expect((await user.get(`${ITEMS}/${item.id}`)).status).toBe(404);
    expect((await user.patch(`${ITEMS}/${item.id}`, { rating: 1 })).status).toBe(404);
    expect((await user.delete(`${ITEMS}/${item.id}`)).status).toBe(404);
  });

  it('holds nobody else’s items', async () => {
    const item = await deleted();
    const other = await service.newUser();

    expect((await other.get(TRASH)).body.total).toBe(0);
    expect((await other.post(`${ITEMS}/${item.id}/restore`)).status).toBe(404);
  });

  it('gives an item back as it was, with its id, where it was in the list', async () => {
    await addFilm(user);
    const item = await deleted({ rating: 3.5, notes: 'keep', status: 'watching' });
    await addFilm(user);

    const answer = await restore(item.id);

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ ...item, version: 3 });
    expect((await user.get(`${ITEMS}/${item.id}`)).body).toEqual(answer.body);
    expect((await user.get(LIST)).body.items[1]).toEqual(answer.body);
    expect((await user.get(TRASH)).body.total).toBe(0);
  });

  it('tells the audit trail of both ways', async () => {
    const item = await deleted({ title: 'There and back' });
    await restore(item.id);

    const { body } = await user.get('/v1/audit/me?limit=2');

    expect(body.items).toMatchObject([
      { action: 'item.restored', target_id: item.id, changes: { title: [null, 'There and back'] } },
      { action: 'item.deleted', target_id: item.id, changes: { title: ['There and back', null] } },
    ]);
  });

  it('is no place of duplicates: the same may be added, deleted and added again', async () => {
    const twin = film();
    for (let n = 0; n < 3; n++) {
      const { status, body } = await user.post(ITEMS, twin);
      expect(status).toBe(201);
      await user.delete(`${ITEMS}/${body.id}`);
    }

    expect((await user.get(TRASH)).body.total).toBe(3);
  });

  it('keeps an item whose like was added meanwhile, and names that one', async () => {
    const twin = film();
    const { body: first } = await user.post(ITEMS, twin);
    await user.delete(`${ITEMS}/${first.id}`);
    const { body: second } = await user.post(ITEMS, twin);

    const answer = await restore(first.id);

    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({ code: 'duplicate_item', details: { existing_id: second.id } });
    expect((await user.get(TRASH)).body.items).toMatchObject([{ id: first.id, version: 2 }]);
    await user.delete(`${ITEMS}/${second.id}`);
    expect((await restore(first.id)).status).toBe(200);
  });

  it('has nothing to restore that is not in it', async () => {
    const item = await addFilm(user);

    expect((await restore(item.id)).status).toBe(404);
    expect((await restore(crypto.randomUUID())).status).toBe(404);
    expect((await restore('nonsense')).status).toBe(404);
  });

  it('gives an item back once, however many ask at once', async () => {
    const item = await deleted();

    const answers = await Promise.all(Array.from({ length: 10 }, () => restore(item.id)));

    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, ...Array.from({ length: 9 }, () => 404)]);
    expect((await user.get(`${ITEMS}/${item.id}`)).body.version).toBe(3);
  });

  it('keeps for 30 days, and not longer even before it is purged', async () => {
    const [young, old] = [await deleted(), await deleted()];
    await age(young.id, 29.9);
    await age(old.id, 30.1);

    expect((await user.get(TRASH)).body.items).toMatchObject([{ id: young.id }]);
    expect((await restore(old.id)).status).toBe(404);
    expect((await restore(young.id)).status).toBe(200);
  });

  it('is purged of what is too old, and of nothing else', async () => {
    await service.resolve(TrashPurgeJob).purge();
    const [young, old, kept] = [await deleted(), await deleted(), await addFilm(user)];
    await age(young.id, 29.9);
    await age(old.id, 30.1);

    const jobs = Array.from({ length: 4 }, () => service.resolve(TrashPurgeJob).purge());
    const purged = (await Promise.all(jobs)).reduce((sum, count) => sum + count, 0);

    const left = await service.rows<{ id: string }>(sql`SELECT id FROM watchlist_items WHERE user_id = ${user.id} ORDER BY id`);
    expect(purged).toBe(1);
    expect(left.map(({ id }) => id)).toEqual(expect.arrayContaining([young.id, kept.id]));
  });

  it('is purged a bounded number at a time until nothing is left to purge', async () => {
    const items = await Promise.all(Array.from({ length: 450 }, () => addFilm(user)));
    const longAgo = new Date(Date.now() - 40 * DAY_MS).toISOString();
    await service
      .resolve(UnitOfWork)
      .write((tx) => tx.run(sql`UPDATE watchlist_items SET deleted_at = ${longAgo}, identity_key = NULL WHERE user_id = ${user.id}`));

    expect(await service.resolve(TrashPurgeJob).purge()).toBe(items.length);
    expect(await service.resolve(TrashPurgeJob).purge()).toBe(0);
  });
});

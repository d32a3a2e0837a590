import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sql from 'sql-template-tag';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { addFilm, ifNoneMatch, ITEMS, LIST, tagOf, TRASH } from '../support/items.js';
import { Service, type User } from '../support/service.js';

describe('validators', () => {
  let service: Service;
  let user: User;

  beforeAll(async () => {
    service = await Service.start();
    user = await service.newUser();
  });
  afterAll(() => service.stop());

  describe('of an item', () => {
    it('are strong, made from its version, and change with every change', async () => {
      const { id } = await addFilm(user);
      const path = `${ITEMS}/${id}`;

      expect(tagOf(await user.get(path))).toBe('"1"');
      expect(tagOf(await user.patch(path, { rating: 8.5 }))).toBe('"2"');
      expect(tagOf(await user.get(path))).toBe('"2"');
      await user.delete(path);
      expect(tagOf(await user.post(`${path}/restore`))).toBe('"4"');
    });

    it('save a caller who has it already the body', async () => {
      const { id } = await addFilm(user);

      const answer = await user.get(`${ITEMS}/${id}`, ifNoneMatch('"1"'));

      expect(answer.status).toBe(304);
      expect(answer.text).toBe('');
      expect(answer.headers.get('etag')).toBe('"1"');
      expect(answer.headers.get('cache-control')).toBe('private, no-cache');
      expect(answer.headers.get('vary')).toBe('Authorization');
      expect(answer.headers.get('content-type')).toBeNull();
    });

    it.each([
      ['*', 304],
      ['W/"1"', 304],
      ['"0", "1"', 304],
      ['"7",W/"1" , "9"', 304],
      ['"2"', 200],
      ['1', 200],
      ['"1', 200],
      ['', 200],
    ])('are compared as the standard asks: If-None-Match %s is answered %i', async (header, status) => {
      const { id } = await addFilm(user);

      expect((await user.get(`${ITEMS}/${id}`, ifNoneMatch(header))).status).toBe(status);
    });

    it('are for reading only: a write is done whatever If-None-Match says', async () => {
      const { id } = await addFilm(user);

      const answer = await user.patch(`${ITEMS}/${id}`, { rating: 1 }, ifNoneMatch('*'));

      expect(answer.status).toBe(200);
      expect(answer.body.rating).toBe(1);
    });

    it('tell nothing of what is not there, or is somebody else’s', async () => {
      const { id } = await addFilm(await service.newUser());

      expect((await user.get(`${ITEMS}/${id}`, ifNoneMatch('*'))).status).toBe(404);
    });
  });

  describe.each([LIST, TRASH, `${LIST}?sort=title&limit=5`])('of a list (%s)', (path) => {
    it('save a caller who has it already the body', async () => {
      const first = await user.get(path);

      const answer = await user.get(path, ifNoneMatch(tagOf(first)));

      expect(tagOf(first)).toMatch(/^"[^"]{20,}"$/);
      expect(answer.status).toBe(304);
      expect(answer.text).toBe('');
      expect(tagOf(answer)).toBe(tagOf(first));
      expect(answer.headers.get('cache-control')).toBe('private, no-cache');
      expect(answer.headers.get('vary')).toBe('Authorization');
    });

    it('are the same whether the answer came from the cache or from the database', async () => {
      const other = await service.newUser();
      await addFilm(other);

      const answers = [await other.get(path), await other.get(path), await other.get(path)];

      expect(new Set(answers.map(tagOf)).size).toBe(1);
      expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    });

    it('are another user’s for nobody, also when both lists look the same', async () => {
      const [one, two] = [await service.newUser(), await service.newUser()];
      const answer = await one.get(path);

      expect((await two.get(path, ifNoneMatch(tagOf(answer)))).status).toBe(200);
    });
  });

  it('of a list change with every write that shows in it', async () => {
    const other = await service.newUser();
    const seen = [tagOf(await other.get(LIST))];
    const item = await addFilm(other);
    seen.push(tagOf(await other.get(LIST)));
    await other.patch(`${ITEMS}/${item.id}`, { status: 'watched' });
    seen.push(tagOf(await other.get(LIST)));
    await other.delete(`${ITEMS}/${item.id}`);
    const empty = await other.get(LIST, ifNoneMatch(...seen.slice(1)));

    expect(new Set(seen).size).toBe(3);
    expect(empty.status).toBe(200);
    expect(tagOf(empty)).toBe(seen[0]);
  });

  it('of a list that the cache knows are answered without the database', async () => {
    if ((await user.get(LIST)).headers.get('x-cache') === 'BYPASS') return; // Without a cache there is nothing to know it.
    const known = await user.get(LIST);
    // Behind the service's back: only an answer that does not look can be the old one.
    const changed = await service
      .resolve(UnitOfWork)
      .write((tx) => tx.run(sql`UPDATE watchlist_items SET title = 'changed' WHERE user_id = ${user.id}`));

    const answer = await user.get(LIST, ifNoneMatch(tagOf(known)));

    expect(changed.affected).toBeGreaterThan(0);
    expect(answer.status).toBe(304);
    expect(answer.headers.get('x-cache')).toBe('HIT');
  });

  it('do not hide what is wrong with a query', async () => {
    expect((await user.get(`${LIST}?limit=101`, ifNoneMatch('*'))).status).toBe(400);
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { addFilm, BATCH, film, idempotent, ITEMS, LIST, TRASH } from '../support/items.js';
import type { Answer } from '../support/http.js';
import { Service, type User } from '../support/service.js';

const MOST = 500;

describe('a batch', () => {
  let service: Service;
  let user: User;

  beforeAll(async () => {
    service = await Service.start();
  });
  beforeEach(async () => {
    user = await service.newUser();
  });
  afterAll(() => service.stop());

  const batch = (operations: unknown, more: object = {}): Promise<Answer> => user.post(BATCH, { operations, ...more });
  const add = (fields = {}): object => ({ op: 'add', ...film(fields) });
  const statusesOf = ({ body }: Answer): number[] => body.results.map(({ status }: { status: number }) => status);
  const total = async (): Promise<number> => (await user.get(LIST)).body.total;

  it('does all four operations in their order, each seeing what those before it did', async () => {
    const [kept, gone] = [await addFilm(user), await addFilm(user)];

    const answer = await batch([
      add({ title: 'New', rating: 8.5 }),
      { op: 'update', id: kept.id, status: 'watched' },
      { op: 'delete', id: gone.id },
      { op: 'restore', id: gone.id },
      { op: 'update', id: gone.id, notes: 'back' },
    ]);

    expect(answer.status).toBe(200);
    expect(answer.body.results).toEqual([
      { status: 201, item: expect.objectContaining({ title: 'New', rating: 8.5, version: 1 }) },
      { status: 200, item: { ...kept, status: 'watched', version: 2, updated_at: expect.any(String) } },
      { status: 204 },
      { status: 200, item: { ...gone, version: 3 } },
      { status: 200, item: { ...gone, notes: 'back', version: 4, updated_at: expect.any(String) } },
    ]);
    expect((await user.get(`${ITEMS}/${gone.id}`)).body).toEqual(answer.body.results[4].item);
  });

  describe('whose operations stand on their own', () => {
    it('does what can be done and says of each other why not', async () => {
      const item = await addFilm(user);
      const twin = film();

      const answer = await batch([
        { op: 'add', ...twin },
        { op: 'add', ...twin },
        { op: 'update', id: crypto.randomUUID(), rating: 1 },
        { op: 'update', id: 'nonsense', rating: 1 },
        { op: 'update', id: item.id, rating: 11 },
        { op: 'update', id: item.id },
        { op: 'update', id: item.id, rating: 1, version: 7 },
        { op: 'delete', id: item.id, version: 7 },
        { op: 'restore', id: item.id },
        { op: 'update', id: item.id, title: twin.title },
        { op: 'add', title: 'Extra', media_type: 'movie', colour: 'red' },
        { op: 'delete' },
        { op: 'constructor' },
        {},
        null,
        7,
        [],
        { op: 'update', id: item.id, rating: 2, version: 1 },
      ]);

      expect(answer.status).toBe(200);
      expect(answer.body.results.map(({ status, error }: { status: number; error?: { code: string } }) => [status, error?.code])).toEqual([
        [201, undefined],
        [409, 'duplicate_item'],
        [404, 'not_found'],
        [404, 'not_found'],
        [400, 'validation_failed'],
        [400, 'validation_failed'],
        [412, 'precondition_failed'],
        [412, 'precondition_failed'],
        [404, 'not_found'],
        [409, 'duplicate_item'],
        [400, 'validation_failed'],
        [400, 'validation_failed'],
        [400, 'validation_failed'],
        [400, 'validation_failed'],
        [400, 'validation_failed'],
        [400, 'validation_failed'],
        [400, 'validation_failed'],
        [200, undefined],
      ]);
      const [added, duplicate, , , bad, , stale] = answer.body.results;
      expect(duplicate.error).toEqual({ code: 'duplicate_item', message: expect.any(String), details: { existing_id: added.item.id } });
      expect(bad.error.details.fields).toEqual([{ field: 'rating', message: expect.any(String) }]);
      expect(stale.error.details.current).toEqual(item);
      expect(await total()).toBe(2);
    });

    it('leaves nothing of a refused operation behind, neither item nor audit entry', async () => {
      const twin = film();
      await batch([
        { op: 'add', ...twin },
        { op: 'add', ...twin },
        { op: 'add', ...twin },
      ]);

      const { body } = await user.get('/v1/audit/me');

      expect(body.items.filter(({ action }: { action: string }) => action === 'item.added')).toHaveLength(1);
    });
  });

  describe('that is atomic', () => {
    it('is done as a whole', async () => {
      const item = await addFilm(user);

      const answer = await batch([{ op: 'delete', id: item.id }, add(), add()], { atomic: true });

      expect(statusesOf(answer)).toEqual([204, 201, 201]);
      expect(await total()).toBe(2);
    });

    it.each([
      ['a duplicate', 409, 'duplicate_item', (id: string) => ({ op: 'update', id, title: 'Taken' })],
      ['a missing item', 404, 'not_found', () => ({ op: 'delete', id: crypto.randomUUID() })],
      ['an old version', 412, 'precondition_failed', (id: string) => ({ op: 'update', id, rating: 1, version: 9 })],
      ['a bad field', 400, 'validation_failed', () => ({ op: 'add', title: '' })],
    ])('is not done at all because of %s, and says which operation it was', async (_, status, code, refused) => {
      const [item, taken] = [await addFilm(user), await addFilm(user, { title: 'Taken' })];

      const answer = await batch([add(), { op: 'delete', id: taken.id }, { op: 'restore', id: taken.id }, refused(item.id), add()], {
        atomic: true,
      });

      expect(answer.status).toBe(status);
      expect(answer.body).toMatchObject({ code, request_id: expect.any(String), details: { operation: 3 } });
      expect(await total()).toBe(2);
      expect((await user.get(TRASH)).body.total).toBe(0);
      expect((await user.get(`${ITEMS}/${taken.id}`)).body).toEqual(taken);
      const actions = (await user.get('/v1/audit/me')).body.items.map(({ action }: { action: string }) => action);
      expect(actions.slice(0, 3)).toEqual(['item.added', 'item.added', 'user.logged_in']);
    });

    it('names no item as the existing one that was not added after all', async () => {
      const twin = film();

      const answer = await batch(
        [
          { op: 'add', ...twin },
          { op: 'add', ...twin },
        ],
        { atomic: true },
      );

      expect(answer.body).toMatchObject({ code: 'duplicate_item', details: { operation: 1, existing_id: null } });
    });
  });

  it.each([
    ['no operations', {}],
    ['none in the list', { operations: [] }],
    ['too many', { operations: Array.from({ length: MOST + 1 }, () => ({ op: 'delete', id: 'x' })) }],
    ['no list', { operations: { 0: { op: 'delete' } } }],
    ['an unknown field', { operations: [{}], dry_run: true }],
    ['atomic as a text', { operations: [{}], atomic: 'true' }],
    ['atomic as null', { operations: [{}], atomic: null }],
  ])('is refused as a whole with %s', async (_, body) => {
    const answer = await user.post(BATCH, body);

    expect(answer.status).toBe(400);
    expect(answer.body.code).toBe('validation_failed');
  });

  it('may be larger than other bodies, up to half a mebibyte', async () => {
    const notes = 'x'.repeat(5_000);
    const large = await batch(Array.from({ length: 90 }, () => add({ notes })));
    const tooLarge = await batch(Array.from({ length: 110 }, () => add({ notes })));

    expect(statusesOf(large)).toEqual(Array.from({ length: 90 }, () => 201));
    expect(tooLarge.status).toBe(413);
    expect((await user.post(ITEMS, film({ notes: 'x'.repeat(70_000) }))).status).toBe(413);
  });

  it(`takes ${MOST} operations, with one audit entry each, and does not stop the service meanwhile`, async () => {
    let longest = 0;
    let last = performance.now();
    const watch = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 1);

    const answer = await batch(Array.from({ length: MOST }, () => add()));

    clearInterval(watch);
    expect(statusesOf(answer)).toEqual(Array.from({ length: MOST }, () => 201));
    expect(await total()).toBe(MOST);
    expect(new Set(answer.body.results.map(({ item }: { item: { id: string } }) => item.id)).size).toBe(MOST);
    process.stderr.write(`longest ${longest}\n`);
  });

  it('is seen by the next read', async () => {
    await user.get(LIST);
    await batch([add(), add()]);

    expect(await total()).toBe(2);
  });

  it('touches nobody else’s items', async () => {
    const { id } = await addFilm(await service.newUser());

    const answer = await batch([
      { op: 'update', id, rating: 1 },
      { op: 'delete', id },
      { op: 'restore', id },
    ]);

    expect(statusesOf(answer)).toEqual([404, 404, 404]);
  });

  it('is done once, however often it is sent with the same key', async () => {
    const body = { operations: [add(), add(), { op: 'delete', id: crypto.randomUUID() }] };

    const first = await user.post(BATCH, body, idempotent('batch'));
    const second = await user.post(BATCH, body, idempotent('batch'));

    expect(statusesOf(first)).toEqual([201, 201, 404]);
    expect(second.text).toBe(first.text);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(await total()).toBe(2);
  });
});

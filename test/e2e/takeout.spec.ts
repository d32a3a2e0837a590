import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addFilm, addFilms, ITEMS, LIST, TRASH } from '../support/items.js';
import { Service, type User } from '../support/service.js';

const EXPORT = '/v1/auth/me/export';

describe('a takeout', () => {
  let service: Service;
  let user: User;

  beforeAll(async () => {
    service = await Service.start();
    user = await service.newUser();
  });
  afterAll(() => service.stop());

  it('holds everything about its user, as the lists show it, and nothing of others', async () => {
    const other = await service.newUser();
    await addFilm(other, { title: 'Somebody else’s' });
    await addFilms(user, 230);
    const kept = await addFilm(user, { title: 'Amélie 🎬', year: 2001, rating: 7.5, notes: 'two\nlines', status: 'watched' });
    const deleted = await addFilm(user, { title: 'Cats' });
    await user.delete(`${ITEMS}/${deleted.id}`);
    const { body: token } = await user.post('/v1/auth/tokens', { name: 'A script', scopes: ['read'] });

    const answer = await user.get(EXPORT);

    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="watchlist-export.json"');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const { account, items, trash, sessions, tokens, audit } = answer.body;
    expect(account).toEqual((await user.get('/v1/auth/me')).body);
    expect(items).toHaveLength(231);
    expect(items.at(-1)).toEqual(kept);
    expect(new Set(items.map(({ id }: { id: string }) => id)).size).toBe(231);
    expect(trash).toEqual((await user.get(TRASH)).body.items);
    expect(sessions).toEqual((await user.get('/v1/auth/sessions')).body.items);
    expect(tokens).toEqual((await user.get('/v1/auth/tokens')).body.items);
    expect(audit.map(({ action }: { action: string }) => action)).toEqual([
      'token.created',
      'item.deleted',
      ...Array.from({ length: 232 }, () => 'item.added'),
      'user.logged_in',
      'user.registered',
    ]);
    for (const secret of [token.token, user.refreshToken, 'Somebody else’s', other.id]) expect(answer.text).not.toContain(secret);
  });

  it('of an account that has nothing yet is whole, too', async () => {
    const { status, body } = await (await service.newUser()).get(EXPORT);

    expect([status, body.items, body.trash, body.tokens]).toEqual([200, [], [], []]);
    expect(body.sessions).toHaveLength(1);
  });

  it('is for whoever is logged in, not for a token', async () => {
    const { body } = await user.post('/v1/auth/tokens', { name: 'Another', scopes: ['write'] });

    const answer = await service.get(EXPORT, { token: body.token });
    expect([answer.status, answer.body.code]).toEqual([403, 'forbidden']);
    expect((await service.get(LIST, { token: body.token })).status).toBe(200);
  });
});

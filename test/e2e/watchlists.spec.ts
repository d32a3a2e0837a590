import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Service, type User } from '../support/service.js';

const ITEMS = '/v1/watchlists/items';

describe('watchlists', () => {
  let service: Service;
  let user: User;

  beforeAll(async () => {
    service = await Service.start();
    user = await service.newUser();
  });
  afterAll(() => service.stop());

  it('adds an item with its defaults and tells where it is', async () => {
    const answer = await user.post(ITEMS, { title: '  Dune ', media_type: 'movie' });

    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      id: expect.any(String),
      title: 'Dune',
      media_type: 'movie',
      year: null,
      status: 'planned',
      rating: null,
      notes: null,
      version: 1,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      updated_at: answer.body.created_at,
    });
    expect(answer.headers.get('location')).toBe(`${ITEMS}/${answer.body.id}`);
    expect(answer.headers.get('etag')).toBe('"1"');
    expect((await user.get(`${ITEMS}/${answer.body.id}`)).body).toEqual(answer.body);
  });
});

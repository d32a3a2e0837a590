import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addFilm, ifMatch, ITEMS, tagOf } from '../support/items.js';
import { Service, type User } from '../support/service.js';

describe('If-Match', () => {
  let service: Service;
  let user: User;

  beforeAll(async () => {
    service = await Service.start();
    user = await service.newUser();
  });
  afterAll(() => service.stop());

  /** Each of the conditional writes, on an item that is ready for it. */
  const writes = [
    {
      name: 'PATCH',
      ready: async () => addFilm(user),
      write: (id: string, options = {}) => user.patch(`${ITEMS}/${id}`, { rating: 7 }, options),
      done: 200,
    },
    {
      name: 'DELETE',
      ready: async () => addFilm(user),
      write: (id: string, options = {}) => user.delete(`${ITEMS}/${id}`, options),
      done: 204,
    },
    {
      name: 'restore',
      ready: async () => {
        const item = await addFilm(user);
        await user.delete(`${ITEMS}/${item.id}`);
        return { ...item, version: 2 };
      },
      write: (id: string, options = {}) => user.post(`${ITEMS}/${id}/restore`, undefined, options),
      done: 200,
    },
  ];

  describe.each(writes)('on $name', ({ ready, write, done }) => {
    it.each([
      ['the version it has', (version: number) => `"${version}"`],
      ['one of several', (version: number) => `"77", "${version}" ,W/"3"`],
      ['any version', () => '*'],
    ])('lets pass: %s', async (_, header) => {
      const { id, version } = await ready();

      expect((await write(id, ifMatch(header(version)))).status).toBe(done);
    });

    it.each([
      ['another version', () => '"77"'],
      ['a weak tag, which proves nothing', (version: number) => `W/"${version}"`],
      ['a tag that no version has', () => '"x", ""'],
    ])('refuses: %s', async (_, header) => {
      const item = await ready();

      const answer = await write(item.id, ifMatch(header(item.version)));

      expect(answer.status).toBe(412);
      expect(answer.body).toMatchObject({
        code: 'precondition_failed',
        details: { current: { id: item.id, title: item.title, version: item.version } },
      });
      expect(tagOf(answer)).toBe(`"${item.version}"`);
      expect((await write(item.id, ifMatch(tagOf(answer)))).status).toBe(done);
    });

    it.each(['3', '"3', '', '"1" "2" x'])('refuses what is no list of tags rather than write over somebody: %s', async (header) => {
      const { id } = await ready();

      const answer = await write(id, ifMatch(header));

      expect(answer.status).toBe(400);
      expect(answer.body.details.fields).toEqual([{ field: 'If-Match', message: expect.any(String) }]);
    });

    it('does not tell a missing item from another user’s', async () => {
      const { id } = await addFilm(await service.newUser());

      expect((await write(id, ifMatch('*'))).status).toBe(404);
      expect((await write(crypto.randomUUID(), ifMatch('"1"'))).status).toBe(404);
    });
  });

  it('absent, the last write wins', async () => {
    const { id } = await addFilm(user);
    await Promise.all([user.patch(`${ITEMS}/${id}`, { rating: 1 }), user.patch(`${ITEMS}/${id}`, { notes: 'both' })]);

    expect((await user.get(`${ITEMS}/${id}`)).body).toMatchObject({ rating: 1, notes: 'both', version: 3 });
  });

  it('also refuses a change that would change nothing', async () => {
    const { id } = await addFilm(user, { rating: 5 });

    expect((await user.patch(`${ITEMS}/${id}`, { rating: 5 }, ifMatch('"9"'))).status).toBe(412);
    expect((await user.patch(`${ITEMS}/${id}`, { rating: 5 }, ifMatch('"1"'))).body.version).toBe(1);
  });

  it('loses no update of fifty that read, change and try again on 412', async () => {
    const { id } = await addFilm(user, { notes: '0' });
    let refused = 0;
    const increment = async (): Promise<void> => {
      let { body: item } = await user.get(`${ITEMS}/${id}`);
      for (;;) {
        const { status, body } = await user.patch(`${ITEMS}/${id}`, { notes: `${Number(item.notes) + 1}` }, ifMatch(`"${item.version}"`));
        if (status === 200) return;
        // Fifty at once may be more than a busy machine's connection pool takes; who is turned away asks again.
        if (status === 503) continue;
        expect(status).toBe(412);
        item = body.details.current;
        refused++;
      }
    };

    await Promise.all(Array.from({ length: 50 }, increment));

    const { body } = await user.get(`${ITEMS}/${id}`);
    expect(body).toMatchObject({ notes: '50', version: 51 });
    expect(refused).toBeGreaterThan(0);
  }, 60_000);

  it('lets one of twenty equal writes pass', async () => {
    const { id } = await addFilm(user);

    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => user.patch(`${ITEMS}/${id}`, { notes: `${n}` }, ifMatch('"1"'))),
    );

    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, ...Array.from({ length: 19 }, () => 412)]);
  });
});

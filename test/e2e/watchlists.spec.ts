import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import sql from 'sql-template-tag';
import type { Answer } from '../support/http.js';
import { Service, type User } from '../support/service.js';

const ITEMS = '/v1/watchlists/items';
const UNKNOWN_ID = '01980000-0000-7000-8000-000000000000';
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

interface Item {
  readonly id: string;
  readonly title: string;
}

let service: Service;
let user: User;

beforeAll(async () => {
  service = await Service.start();
});
afterAll(() => service.stop());
beforeEach(async () => {
  user = await service.newUser();
});

async function add(fields: object, owner = user): Promise<Answer['body']> {
  const { status, body } = await owner.post(ITEMS, { title: 'Dune', media_type: 'movie', ...fields });
  if (status !== 201) throw new Error(JSON.stringify(body));
  return body;
}

const statusAndCode = ({ status, body }: Answer) => [status, body.code];

/** What the trail holds of one request. */
const auditOf = async ({ headers }: Answer) =>
  service.rows(
    sql`SELECT action, actor_id, target_type, target_id, changes FROM audit_entries WHERE request_id = ${headers.get('x-request-id')}`,
  );

describe('adding', () => {
  it('gives the defaults, tells where the item is, and leaves an entry in the trail', async () => {
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
      created_at: expect.stringMatching(INSTANT),
      updated_at: answer.body.created_at,
    });
    expect(answer.headers.get('location')).toBe(`${ITEMS}/${answer.body.id}`);
    expect(answer.headers.get('etag')).toBe('"1"');
    expect((await user.get(`${ITEMS}/${answer.body.id}`)).body).toEqual(answer.body);
    expect(await auditOf(answer)).toEqual([
      {
        action: 'item.added',
        actor_id: user.id,
        target_type: 'item',
        target_id: answer.body.id,
        changes: '{"title":[null,"Dune"],"media_type":[null,"movie"],"status":[null,"planned"]}',
      },
    ]);
  });

  it('keeps every field as it was given', async () => {
    const fields = {
      title: '千と千尋の神隠し',
      media_type: 'movie',
      year: 2001,
      status: 'watched',
      rating: 9.5,
      notes: 'twice\n\talready 🎬',
    };

    expect(await add(fields)).toMatchObject(fields);
    expect((await user.get('/v1/watchlists')).body.items).toMatchObject([fields]);
  });

  it.each([
    ['a title of one character', { title: '9' }],
    ['a title of 300 code points', { title: '🎬'.repeat(300) }],
    ['the first year', { year: 1870 }],
    ['the last year', { year: 2200 }],
    ['the lowest rating', { rating: 0.5 }],
    ['the highest rating', { rating: 10 }],
    ['notes of 5,000 code points', { notes: '🎬'.repeat(5_000) }],
    ['empty notes', { notes: '' }],
    ['null where a field is unset', { year: null, rating: null, notes: null }],
  ])('takes %s', async (_, fields) => {
    expect(await add(fields)).toMatchObject(fields);
  });

  it('composes what is decomposed, and trims', async () => {
    expect(await add({ title: '\u3000Ame\u0301lie\n', notes: ' cafe\u0301 ' })).toMatchObject({ title: 'Amélie', notes: 'café' });
  });
});

describe('the same item again', () => {
  let existing: Item;

  beforeEach(async () => {
    existing = await add({ title: 'Amélie Poulain', media_type: 'movie', year: 2001 });
  });

  it.each([
    ['as it was', 'Amélie Poulain'],
    ['in capitals', 'AMÉLIE POULAIN'],
    ['with other spaces', ' Amélie \u00A0 Poulain\u3000'],
    ['decomposed', 'Ame\u0301lie Poulain'],
    ['in full width', 'Ａｍéｌｉｅ Ｐｏｕｌａｉｎ'],
    ['with other notes and status', 'Amélie Poulain', { notes: 'again', status: 'watched' }],
  ])('is refused %s, and names the one that is there', async (_, title, fields: object = {}) => {
    const answer = await user.post(ITEMS, { title, media_type: 'movie', year: 2001, ...fields });

    expect(statusAndCode(answer)).toEqual([409, 'duplicate_item']);
    expect(answer.body.details).toEqual({ existing_id: existing.id });
    expect((await user.get('/v1/watchlists')).body.total).toBe(1);
    expect(await auditOf(answer)).toEqual([]);
  });

  it.each([
    ['of another media type', { media_type: 'show' }],
    ['of another year', { year: 2002 }],
    ['without a year', { year: null }],
    ['with another accent', { title: 'Amelie Poulain' }],
  ])('is another item %s', async (_, fields) => {
    await add({ title: 'Amélie Poulain', year: 2001, ...fields });

    expect((await user.get('/v1/watchlists')).body.total).toBe(2);
  });

  it('is no duplicate in another list, nor after the first went into the trash', async () => {
    await add({ title: 'Amélie Poulain', year: 2001 }, await service.newUser());
    await user.delete(`${ITEMS}/${existing.id}`);

    expect((await add({ title: 'Amélie Poulain', year: 2001 })).id).not.toBe(existing.id);
  });

  it('cannot come about by an edit, which names the other item', async () => {
    const other = await add({ title: 'Delicatessen', year: 1991 });

    const byTitle = await user.patch(`${ITEMS}/${other.id}`, { title: 'amélie  POULAIN', year: 2001 });

    expect(statusAndCode(byTitle)).toEqual([409, 'duplicate_item']);
    expect(byTitle.body.details).toEqual({ existing_id: existing.id });
    expect((await user.get(`${ITEMS}/${other.id}`)).body).toEqual(other);
    expect(await auditOf(byTitle)).toEqual([]);
  });

  it('may be spelled otherwise by an edit of itself', async () => {
    const answer = await user.patch(`${ITEMS}/${existing.id}`, { title: 'AMÉLIE POULAIN' });

    expect([answer.status, answer.body.title]).toEqual([200, 'AMÉLIE POULAIN']);
  });

  it('is added once when twenty ask for it at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => user.post(ITEMS, { title: index % 2 ? 'Alien' : 'ALIEN', media_type: 'movie' })),
    );

    const added = answers.filter(({ status }) => status === 201);
    const refused = answers.filter(({ status }) => status === 409);
    expect([added.length, refused.length]).toEqual([1, 19]);
    expect(new Set(refused.map(({ body }) => body.details.existing_id))).toEqual(new Set([added[0]?.body.id]));
  });
});

describe('editing', () => {
  const FULL = { title: 'Dune', media_type: 'movie', year: 2021, status: 'watching', rating: 8.5, notes: 'the new one' };

  it.each([
    ['the title', { title: 'Dune: Part One' }],
    ['the media type', { media_type: 'show' }],
    ['the year', { year: 1984 }],
    ['the status', { status: 'watched' }],
    ['the rating', { rating: 7 }],
    ['the notes', { notes: 'the old one' }],
    ['the year to none', { year: null }],
    ['the rating to none', { rating: null }],
    ['the notes to none', { notes: null }],
    ['several fields together', { title: 'Dune', year: 1984, status: 'dropped', rating: null }],
  ])('changes %s and nothing else, and tells the trail what', async (_, change: Record<string, unknown>) => {
    const before = await add(FULL);
    const answer = await user.patch(`${ITEMS}/${before.id}`, change);

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ ...before, ...change, version: 2, updated_at: expect.stringMatching(INSTANT) });
    expect(answer.body.updated_at >= before.updated_at).toBe(true);
    expect(answer.headers.get('etag')).toBe('"2"');
    expect((await user.get(`${ITEMS}/${before.id}`)).body).toEqual(answer.body);
    expect((await user.get('/v1/watchlists')).body.items).toEqual([answer.body]);

    const changed = Object.entries(change).filter(([field, value]) => value !== before[field]);
    const [entry] = await auditOf(answer);
    expect(entry).toMatchObject({ action: 'item.updated', actor_id: user.id, target_type: 'item', target_id: before.id });
    expect(JSON.parse(String(entry?.changes))).toEqual(
      Object.fromEntries(changed.map(([field, value]) => [field, [before[field], value]])),
    );
  });

  it('to what is there already is no change: same version, same time, no entry', async () => {
    const before = await add(FULL);
    const answer = await user.patch(`${ITEMS}/${before.id}`, FULL);

    expect(answer.body).toEqual(before);
    expect(await auditOf(answer)).toEqual([]);
  });

  it.each([
    ['nothing', {}],
    ['an unknown field', { title: 'Dune', seen: true }],
    ['what only the service sets', { id: UNKNOWN_ID }],
    ['no title', { title: null }],
    ['an empty title', { title: '  ' }],
    ['no media type', { media_type: null }],
    ['no status', { status: null }],
    ['a status that is none', { status: 'constructor' }],
    ['a year as a text', { year: '1984' }],
    ['a year before film', { year: 1869 }],
    ['half a year', { year: 1984.5 }],
    ['a rating in quarters', { rating: 7.25 }],
    ['a rating of nothing', { rating: 0 }],
  ])('to %s is refused and changes nothing', async (_, change) => {
    const before = await add(FULL);
    const answer = await user.patch(`${ITEMS}/${before.id}`, change);

    expect(statusAndCode(answer)).toEqual([400, 'validation_failed']);
    expect((await user.get(`${ITEMS}/${before.id}`)).body).toEqual(before);
    expect(await auditOf(answer)).toEqual([]);
  });

  it('is found under the new title, not under the old one', async () => {
    const { id } = await add(FULL);
    await user.patch(`${ITEMS}/${id}`, { title: 'Alien', notes: null });

    expect((await user.get('/v1/watchlists?q=alien')).body.total).toBe(1);
    expect((await user.get('/v1/watchlists?q=dune')).body.total).toBe(0);
    expect((await user.get('/v1/watchlists?q=new')).body.total).toBe(0);
  });
});

describe('deleting', () => {
  it('takes the item out of sight and leaves an entry in the trail; the row waits in the trash', async () => {
    const item = await add({});
    const answer = await user.delete(`${ITEMS}/${item.id}`);

    expect([answer.status, answer.text]).toEqual([204, '']);
    expect((await user.get(`${ITEMS}/${item.id}`)).status).toBe(404);
    expect((await user.get('/v1/watchlists')).body).toMatchObject({ items: [], total: 0 });
    expect(
      await service.rows(sql`SELECT title, identity_key FROM watchlist_items WHERE id = ${item.id} AND deleted_at IS NOT NULL`),
    ).toEqual([{ title: 'Dune', identity_key: null }]);
    expect(await auditOf(answer)).toEqual([
      { action: 'item.deleted', actor_id: user.id, target_type: 'item', target_id: item.id, changes: '{"title":["Dune",null]}' },
    ]);
  });

  it('twice, or editing what was deleted, is a 404', async () => {
    const { id } = await add({});
    await user.delete(`${ITEMS}/${id}`);

    expect((await user.delete(`${ITEMS}/${id}`)).status).toBe(404);
    expect((await user.patch(`${ITEMS}/${id}`, { year: 2021 })).status).toBe(404);
  });
});

describe('an item of another user', () => {
  it.each([
    ['GET', undefined],
    ['PATCH', { title: 'Mine now' }],
    ['DELETE', undefined],
  ])('is answered by %s like one that is not there, to the byte, and stays as it is', async (method, body) => {
    const owner = await service.newUser();
    const item = await add({}, owner);
    const request = (id: string) => user.request(method, `${ITEMS}/${id}`, { body, headers: { 'X-Request-ID': 'the-same' } });

    const [foreign, missing, malformed] = [await request(item.id), await request(UNKNOWN_ID), await request('no-id')];

    expect(statusAndCode(foreign)).toEqual([404, 'not_found']);
    expect([missing.status, missing.text]).toEqual([404, foreign.text]);
    expect([malformed.status, malformed.text]).toEqual([404, foreign.text]);
    expect(foreign.headers.get('etag')).toBeNull();
    expect((await owner.get(`${ITEMS}/${item.id}`)).body).toEqual(item);
  });

  it('is in no list but its owner’s', async () => {
    await add({}, await service.newUser());

    expect((await user.get('/v1/watchlists')).body).toMatchObject({ items: [], total: 0 });
    expect((await user.get('/v1/watchlists?q=dune')).body.total).toBe(0);
  });

  it('is not told of by a duplicate', async () => {
    await add({ title: 'Solaris' }, await service.newUser());

    expect((await user.post(ITEMS, { title: 'Solaris', media_type: 'movie' })).status).toBe(201);
  });
});

import { createHash } from 'node:crypto';
import { request as rawRequest } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import sql from 'sql-template-tag';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { IdempotencyPurgeJob } from '../../src/http/idempotency-purge-job.js';
import type { Answer } from '../support/http.js';
import { addFilm, BATCH, film, idempotent, ITEMS, LIST, tagOf } from '../support/items.js';
import { PASSWORD, Service, type User } from '../support/service.js';

describe('Idempotency-Key', () => {
  let service: Service;
  let user: User;

  beforeAll(async () => {
    service = await Service.start();
  });
  beforeEach(async () => {
    user = await service.newUser();
  });
  afterAll(() => service.stop());

  const isReplay = (answer: Answer): boolean => answer.headers.get('idempotency-replayed') === 'true';
  const total = async (): Promise<number> => (await user.get(LIST)).body.total;
  const keysOf = () =>
    service.rows<{ idempotency_key: string; answer: string; fingerprint: string }>(
      sql`SELECT * FROM idempotency_keys WHERE user_id = ${user.id}`,
    );
  const write = (statement: ReturnType<typeof sql>) => service.resolve(UnitOfWork).write((tx) => tx.run(statement));

  /** Keeps everybody else from changing an item, until it is called off. */
  async function lockItem(id: string): Promise<() => Promise<void>> {
    let callOff: () => void = () => undefined;
    const calledOff = new Promise<void>((resolve) => (callOff = resolve));
    let ended: Promise<void> = Promise.resolve();
    await new Promise<void>((locked) => {
      ended = service.resolve(UnitOfWork).write(async (tx) => {
        await tx.run(sql`UPDATE watchlist_items SET rating = rating WHERE id = ${id}`);
        locked();
        await calledOff;
      });
    });
    return () => {
      callOff();
      return ended;
    };
  }

  /** One whose restoring can be held up by locking it. */
  async function deletedFilm(): Promise<string> {
    const { id } = await addFilm(user);
    await user.delete(`${ITEMS}/${id}`);
    return id;
  }

  it('answers the same request the same way, byte for byte, and does it once', async () => {
    const body = film({ rating: 8.5 });

    const first = await user.post(ITEMS, body, idempotent('one'));
    const second = await user.post(ITEMS, body, idempotent('one'));

    expect(first.status).toBe(201);
    expect(isReplay(first)).toBe(false);
    expect(second.status).toBe(201);
    expect(isReplay(second)).toBe(true);
    expect(second.text).toBe(first.text);
    for (const name of ['location', 'etag', 'content-type', 'cache-control', 'vary']) {
      expect([name, second.headers.get(name)]).toEqual([name, first.headers.get(name)]);
    }
    expect(second.headers.get('x-request-id')).not.toBe(first.headers.get('x-request-id'));
    expect(await total()).toBe(1);
    expect((await user.get('/v1/audit/me')).body.items.filter(({ action }: { action: string }) => action === 'item.added')).toHaveLength(1);
  });

  it('answers as the first time also when the item has changed since', async () => {
    const body = film();
    const first = await user.post(ITEMS, body, idempotent('one'));
    await user.patch(`${ITEMS}/${first.body.id}`, { rating: 1 });
    await user.delete(`${ITEMS}/${first.body.id}`);

    expect((await user.post(ITEMS, body, idempotent('one'))).text).toBe(first.text);
  });

  it('repeats refusals too, for they were answers', async () => {
    const taken = await addFilm(user, { title: 'Taken' });
    const duplicate = { title: 'Taken', media_type: 'movie' };

    for (const [key, path, body, status] of [
      ['duplicate', ITEMS, duplicate, 409],
      ['invalid', ITEMS, { title: '' }, 400],
      ['missing', `${ITEMS}/${crypto.randomUUID()}/restore`, undefined, 404],
    ] as const) {
      const first = await user.post(path, body, idempotent(key));
      if (key === 'duplicate') await user.delete(`${ITEMS}/${taken.id}`);
      const second = await user.post(path, body, idempotent(key));

      expect([key, first.status, isReplay(first)]).toEqual([key, status, false]);
      expect([key, second.status, isReplay(second)]).toEqual([key, status, true]);
      expect(second.text).toBe(first.text);
    }
    expect((await user.post(ITEMS, duplicate, idempotent('another'))).status).toBe(201);
  });

  it('repeats an answer without a body', async () => {
    const id = await deletedFilm();

    const first = await user.post(`${ITEMS}/${id}/restore`, undefined, idempotent('restore'));
    const second = await user.post(`${ITEMS}/${id}/restore`, undefined, idempotent('restore'));

    expect(first.status).toBe(200);
    expect(second.text).toBe(first.text);
    expect(tagOf(second)).toBe(tagOf(first));
  });

  it('is refused for another request: another body, another path, the same body written otherwise', async () => {
    const body = film();
    await user.post(ITEMS, body, idempotent('one'));

    const others = [
      await user.post(ITEMS, film(), idempotent('one')),
      await user.post(BATCH, body, idempotent('one')),
      await user.post(`${ITEMS}?x=1`, body, idempotent('one')),
      await user.post(ITEMS, undefined, { ...idempotent('one'), rawBody: JSON.stringify(body, undefined, 1) }),
    ];

    expect(others.map(({ status, body: { code } }) => [status, code])).toEqual(others.map(() => [422, 'idempotency_key_reused']));
    expect(await total()).toBe(1);
  });

  it('belongs to the user: another’s same key is another key', async () => {
    const other = await service.newUser();
    const body = film();

    const first = await user.post(ITEMS, body, idempotent('one'));
    const second = await other.post(ITEMS, body, idempotent('one'));

    expect(second.status).toBe(201);
    expect(isReplay(second)).toBe(false);
    expect(second.body.id).not.toBe(first.body.id);
  });

  it('holds for the user, not for the session', async () => {
    const body = film();
    const first = await user.post(ITEMS, body, idempotent('one'));

    const again = await (await service.logIn(user.email)).post(ITEMS, body, idempotent('one'));

    expect(again.text).toBe(first.text);
    expect(isReplay(again)).toBe(true);
  });

  it.each(['', 'x'.repeat(129), 'tab\tinside', 'não'])('must be 1 to 128 printable characters: %j is refused', async (key) => {
    const answer = await user.post(ITEMS, film(), idempotent(key));

    expect(answer.status).toBe(400);
    expect(answer.body.details.fields).toEqual([{ field: 'Idempotency-Key', message: expect.any(String) }]);
    expect(await total()).toBe(0);
  });

  it.each(['x'.repeat(128), '"quoted, as the draft writes it"', '~ !'])('may be %s', async (key) => {
    const body = film();
    await user.post(ITEMS, body, idempotent(key));

    expect(isReplay(await user.post(ITEMS, body, idempotent(key)))).toBe(true);
  });

  it('means nothing without a token, and on other methods', async () => {
    const account = { email: `${crypto.randomUUID()}@example.org`, password: PASSWORD };
    const registered = [
      await service.post('/v1/auth/register', account, idempotent('r')),
      await service.post('/v1/auth/register', account, idempotent('r')),
    ];
    const { id } = await addFilm(user);
    await user.patch(`${ITEMS}/${id}`, { rating: 1 }, idempotent('p'));
    const patched = await user.patch(`${ITEMS}/${id}`, { rating: 2 }, idempotent('p'));

    expect(registered.map(({ status }) => status)).toEqual([201, 409]);
    expect(patched.body.rating).toBe(2);
    expect(await keysOf()).toEqual([]);
  });

  it('does it once when twenty ask at once, and in the end all have the one answer', async () => {
    const body = film();
    const ask = async (): Promise<Answer> => {
      for (;;) {
        const answer = await user.post(ITEMS, body, idempotent('race'));
        if (answer.status !== 409) return answer;
        expect(answer.body.code).toBe('idempotency_in_progress');
        expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      }
    };

    const answers = await Promise.all(Array.from({ length: 20 }, ask));

    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers.filter((answer) => !isReplay(answer))).toHaveLength(1);
    expect(await total()).toBe(1);
  });

  it('says at once that the first request still runs, and answers as it did when it is done', async () => {
    const id = await deletedFilm();
    const callOff = await lockItem(id);
    const restore = (): Promise<Answer> => user.post(`${ITEMS}/${id}/restore`, undefined, idempotent('slow'));

    const both = [restore(), restore()];
    // Whichever of the two came first is held up; the other one is not kept waiting.
    const early = await Promise.race(both);
    const other = await user.post(ITEMS, film(), idempotent('slow'));
    await callOff();
    const held = (await Promise.all(both)).find((answer) => answer !== early);

    expect([early.status, early.body.code, early.headers.get('retry-after')]).toEqual([409, 'idempotency_in_progress', '1']);
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
    expect(held?.status).toBe(200);
    expect((await restore()).text).toBe(held?.text);
  });

  it('does not keep an answer that says that something is broken: the next try is a try', async () => {
    const body = film();
    await write(sql`ALTER TABLE audit_entries RENAME TO audit_entries_away`);
    const broken = await user.post(ITEMS, body, idempotent('broken'));
    await write(sql`ALTER TABLE audit_entries_away RENAME TO audit_entries`);

    expect(broken.status).toBe(500);
    expect(await keysOf()).toEqual([]);
    expect(await total()).toBe(0);

    const mended = await user.post(ITEMS, body, idempotent('broken'));
    expect(mended.status).toBe(201);
    expect(isReplay(mended)).toBe(false);
  });

  it('stores the answer or does nothing: there is no effect without its answer', async () => {
    await write(sql`ALTER TABLE idempotency_keys RENAME COLUMN fingerprint TO fingerprint_away`);
    const broken = await user.post(ITEMS, film(), idempotent('half'));
    await write(sql`ALTER TABLE idempotency_keys RENAME COLUMN fingerprint_away TO fingerprint`);

    expect(broken.status).toBe(500);
    expect(await total()).toBe(0);
  });

  it('gives a client that was cut off before the answer that very answer', async () => {
    const id = await deletedFilm();
    const callOff = await lockItem(id);
    const path = `${ITEMS}/${id}/restore`;
    const cutOff = rawRequest(`${service.url}${path}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${user.token}`, 'Idempotency-Key': 'cut' },
    });
    cutOff.on('error', () => undefined).end();
    // It has arrived once it is in the way of the same request.
    while ((await Promise.race([user.post(path, undefined, idempotent('cut')), never(50)]))?.status !== 409);
    cutOff.destroy();
    await callOff();

    let again = await user.post(path, undefined, idempotent('cut'));
    while (again.status === 409) again = await user.post(path, undefined, idempotent('cut'));

    expect(again.status).toBe(200);
    expect(isReplay(again)).toBe(true);
    expect((await user.get(`${ITEMS}/${id}`)).body.version).toBe(3);
  });

  it('ends after 24 hours, and is purged then', async () => {
    const body = film();
    const young = film();
    const first = await user.post(ITEMS, body, idempotent('old'));
    await user.post(ITEMS, young, idempotent('young'));
    await user.delete(`${ITEMS}/${first.body.id}`);
    const yesterday = new Date(Date.now() - 24.1 * 60 * 60 * 1_000).toISOString();
    const expire = () =>
      write(sql`UPDATE idempotency_keys SET created_at = ${yesterday} WHERE user_id = ${user.id} AND idempotency_key = 'old'`);

    await expire();
    const anew = await user.post(ITEMS, body, idempotent('old'));
    expect([anew.status, isReplay(anew)]).toEqual([201, false]);
    expect(isReplay(await user.post(ITEMS, body, idempotent('old')))).toBe(true);

    await expire();
    const purged = await Promise.all([service.resolve(IdempotencyPurgeJob).purge(), service.resolve(IdempotencyPurgeJob).purge()]);
    expect(purged[0] + purged[1]).toBe(1);
    expect((await keysOf()).map((row) => row.idempotency_key)).toEqual(['young']);
    expect(isReplay(await user.post(ITEMS, young, idempotent('young')))).toBe(true);
  });

  it('keeps nothing that whoever reads the database alone could read', async () => {
    const body = { title: 'Confidential', media_type: 'movie' };
    await user.post(ITEMS, body, idempotent('secret'));

    const rows = await keysOf();

    const guess = createHash('sha256').update(`POST ${ITEMS}\n`).update(JSON.stringify(body)).digest('base64url');
    expect(rows).toHaveLength(1);
    for (const { answer, fingerprint } of rows) {
      expect(Buffer.from(answer, 'base64url').toString('latin1')).not.toContain('Confidential');
      expect(answer).not.toContain('Confidential');
      expect(fingerprint).not.toBe(guess);
    }
  });
});

/** Gives a request a moment; what is held up has not answered by then. */
function never(milliseconds: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), milliseconds));
}

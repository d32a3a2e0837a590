// Writers that meet: nothing acknowledged is lost, nothing else is there, and nobody sees what is not committed.
import { AsyncLocalStorage } from 'node:async_hooks';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { AuditService, OPERATOR } from '../../src/audit/audit.service.js';
import { now } from '../../src/database/clock.js';
import type { Tx } from '../../src/database/tx.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { UsersService } from '../../src/users/users.service.js';
import { WatchlistItem } from '../../src/watchlists/watchlist-item.entity.js';
import { Gate } from '../support/gate.js';
import type { Answer } from '../support/http.js';
import { PASSWORD, Service, type User } from '../support/service.js';

const ITEMS = '/v1/watchlists/items';
const TWENTY = Array.from({ length: 20 }, (_, index) => index);
/** Commits of the sealer, which may come in between. */
const SEALING = 2;
const FIFTY = Array.from({ length: 50 }, (_, index) => index);

describe('concurrency', () => {
  let service: Service;
  let user: User;

  beforeAll(async () => {
    service = await Service.start();
  });
  beforeAll(async () => {
    user = await service.newUser();
  });
  afterAll(() => service.stop());

  const withStatus = (answers: readonly Answer[], status: number): Answer[] => answers.filter((answer) => answer.status === status);

  /** An item and its audit entry, as the service writes them. */
  async function insert(tx: Tx, owner: User, title: string): Promise<string> {
    const id = uuidv7();
    const at = now();
    await tx.repository(WatchlistItem).insert({
      id,
      userId: owner.id,
      title,
      titleKey: title,
      identityKey: crypto.randomUUID(),
      searchKey: title,
      mediaType: 'movie',
      year: null,
      status: 'planned',
      rating: null,
      notes: null,
      version: 1,
      createdAt: at,
      updatedAt: at,
      deletedAt: null,
    });
    await service
      .resolve(AuditService)
      .record(tx, { action: 'item.added', by: { id: owner.id, origin: null }, targetType: 'item', targetId: id });
    return id;
  }

  const itemsOf = (owner: User): Promise<{ id: string; title: string }[]> =>
    service.rows(sql`SELECT id, title FROM watchlist_items WHERE user_id = ${owner.id} ORDER BY title`);

  async function commits(): Promise<number> {
    const { text } = await service.get('/metrics');
    return Number(/^watchlist_database_query_duration_seconds_count{operation="COMMIT"} (\d+)$/m.exec(text)?.[1]);
  }

  const auditOf = (owner: User, action: string): Promise<{ target_id: string; changes: string; request_id: string | null }[]> =>
    service.rows(
      sql`SELECT target_id, changes, request_id FROM audit_entries WHERE actor_id = ${owner.id} AND action = ${action} ORDER BY id`,
    );

  it('opens one account when twenty ask at once for e-mails that differ only by case', async () => {
    const spellings = ['ada.lovelace@example.org', 'Ada.Lovelace@Example.org', 'ADA.LOVELACE@EXAMPLE.ORG', ' ada.lovelace@EXAMPLE.org '];
    const answers = await Promise.all(
      TWENTY.map((index) => service.post('/v1/auth/register', { email: spellings[index % spellings.length], password: PASSWORD })),
    );

    expect(withStatus(answers, 201)).toHaveLength(1);
    expect(withStatus(answers, 409).map(({ body }) => body.code)).toEqual(Array(19).fill('email_taken'));
    expect(await service.rows(sql`SELECT id FROM users WHERE email = 'ada.lovelace@example.org'`)).toHaveLength(1);
  });

  it('adds an item once when twenty add it at once, and tells the others which it is', async () => {
    const spellings = ['Alien', 'ALIEN', ' alien ', 'Ａｌｉｅｎ'];
    const answers = await Promise.all(
      TWENTY.map((index) => user.post(ITEMS, { title: spellings[index % spellings.length], media_type: 'movie' })),
    );
    const [winner] = withStatus(answers, 201);

    expect(withStatus(answers, 201)).toHaveLength(1);
    expect(withStatus(answers, 409).map(({ body }) => `${body.code} ${body.details.existing_id}`)).toEqual(
      Array(19).fill(`duplicate_item ${winner?.body.id}`),
    );
  });

  it('keeps what fifty parallel writers were told is kept, and nothing of those who failed', async () => {
    const writer = await service.newUser();
    const { body: existing } = await writer.post(ITEMS, { title: 'there already', media_type: 'movie' });
    const unitOfWork = service.resolve(UnitOfWork);

    const failInTheMiddle = async (title: string): Promise<void> => {
      const failed = unitOfWork.write(async (tx) => {
        await insert(tx, writer, title);
        // Lets the others in, if anything can.
        await new Promise((resolve) => setTimeout(resolve, 5));
        await insert(tx, writer, `${title} again`);
        throw new Error('in the middle');
      });
      await expect(failed).rejects.toThrow('in the middle');
    };
    const write = async (index: number): Promise<Answer | undefined> => {
      if (index % 5 === 1) return writer.post(ITEMS, { title: `invalid ${index}`, media_type: 'opera' });
      if (index % 5 === 2) return writer.post(ITEMS, { title: 'there already', media_type: 'movie' });
      if (index % 5 === 3) return failInTheMiddle(`thrown ${index}`).then(() => undefined);
      return writer.post(ITEMS, { title: `kept ${index}`, media_type: 'movie' }, { headers: { 'X-Request-ID': `writer-${index}` } });
    };
    const answers = (await Promise.all(FIFTY.map(write))).filter((answer) => answer !== undefined);
    const kept = withStatus(answers, 201).map(({ body }): string => body.id);
    const items = await itemsOf(writer);
    const entries = await auditOf(writer, 'item.added');

    expect([kept.length, withStatus(answers, 400).length, withStatus(answers, 409).length]).toEqual([20, 10, 10]);
    expect(items).toHaveLength(21);
    expect(new Set(items.map(({ id }) => id))).toEqual(new Set([...kept, existing.id]));
    expect(entries.map((entry) => entry.target_id).toSorted()).toEqual(items.map(({ id }) => id).toSorted());
    for (const { headers, body } of withStatus(answers, 201)) {
      expect(entries.find((entry) => entry.target_id === body.id)?.request_id).toBe(headers.get('x-request-id'));
    }
  });

  it('counts every acknowledged change of one item when fifty change it at once', async () => {
    const { body: item } = await user.post(ITEMS, { title: 'Metropolis', media_type: 'movie', notes: 'note -1' });
    const answers = await Promise.all(FIFTY.map((index) => user.patch(`${ITEMS}/${item.id}`, { notes: `note ${index}` })));
    const after = (await user.get(`${ITEMS}/${item.id}`)).body;
    const changes = (await auditOf(user, 'item.updated')).map((entry): string[] => JSON.parse(entry.changes).notes);
    const acknowledged = withStatus(answers, 200).map(({ body }) => body);

    // On a busy machine PostgreSQL gives up some that wait for the row for too long; they are told so.
    expect(answers.length - withStatus(answers, 503).length).toBe(acknowledged.length);
    expect(acknowledged.length).toBeGreaterThan(1);
    expect(acknowledged.map(({ version }) => version).toSorted((a, b) => a - b)).toEqual(acknowledged.map((_, index) => index + 2));
    expect(changes).toHaveLength(acknowledged.length);
    expect(acknowledged).toContainEqual(after);
    expect(after.version).toBe(acknowledged.length + 1);
    // Each change starts where another one ended: none was built on something that was overwritten.
    const befores = changes.map(([before]) => before);
    const afters = changes.map(([, change]) => change);
    expect(new Set([...befores, after.notes])).toEqual(new Set(['note -1', ...afters]));
  });

  it('shows nobody what is not committed', async () => {
    const reader = await service.newUser();
    const written = new Gate<string>();
    const release = new Gate();
    const writing = service.resolve(UnitOfWork).write(async (tx) => {
      const id = await insert(tx, reader, 'not yet');
      written.open(id);
      await release.opened;
    });
    const id = await written.opened;

    for (let read = 0; read < 20; read++) {
      expect(await itemsOf(reader)).toEqual([]);
      expect((await reader.get(`/v1/watchlists?limit=${read + 1}`)).body.items).toEqual([]);
      expect((await reader.get(`${ITEMS}/${id}`)).status).toBe(404);
    }
    release.open();
    await writing;

    expect(await itemsOf(reader)).toHaveLength(1);
    expect((await reader.get(`${ITEMS}/${id}`)).status).toBe(200);
  });

  it('gives up a unit of work that never ends, undoes it, and goes on', async () => {
    const writer = await service.newUser();
    const endless = service.resolve(UnitOfWork).write(async (tx) => {
      await insert(tx, writer, 'never committed');
      await new Promise(() => undefined);
    });

    await expect(endless).rejects.toThrow('took more than');
    expect(await itemsOf(writer)).toEqual([]);
    expect((await writer.post(ITEMS, { title: 'the next', media_type: 'movie' })).status).toBe(201);
  });

  it('refuses what is written through a unit of work that has ended', async () => {
    const unitOfWork = service.resolve(UnitOfWork);
    let kept: Tx | undefined;
    await unitOfWork.write(async (tx) => {
      kept = tx;
    });
    const late = async (): Promise<unknown> => kept && insert(kept, user, 'too late');

    await expect(late()).rejects.toThrow('has ended');
    await expect(unitOfWork.write(late)).rejects.toThrow('has ended');
    expect((await itemsOf(user)).filter(({ title }) => title === 'too late')).toEqual([]);
  });

  it('commits what waits together with one fsync where there is one writer; a neighbour that fails takes nothing with it', async () => {
    const writer = await service.newUser();
    const unitOfWork = service.resolve(UnitOfWork);
    const before = await commits();
    const results = await Promise.allSettled(
      TWENTY.map((index) =>
        unitOfWork.write(async (tx) => {
          await insert(tx, writer, `together ${index}`);
          if (index % 4 === 0) throw new Error('not this one');
        }),
      ),
    );

    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(5);
    expect(await itemsOf(writer)).toHaveLength(15);
    expect(await auditOf(writer, 'item.added')).toHaveLength(15);
    expect((await commits()) - before).toBeLessThanOrEqual(leg.databaseUrl === undefined ? 1 + SEALING : Infinity);
  });

  it('runs every unit of work in the context of its own caller, whoever it shares a commit with', async () => {
    const caller = new AsyncLocalStorage<number>();
    const unitOfWork = service.resolve(UnitOfWork);
    const seen = await Promise.all(
      TWENTY.map((index) =>
        caller.run(index, () =>
          unitOfWork.write(async () => {
            await new Promise((resolve) => setTimeout(resolve, 1));
            return caller.getStore();
          }),
        ),
      ),
    );

    expect(seen).toEqual(TWENTY);
  });

  it('leaves an administrator when the last two are demoted at once', async () => {
    const users = service.resolve(UsersService);
    const [first, second] = await Promise.all([service.newUser(), service.newUser()]);
    for (let round = 0; round < 5; round++) {
      for (const { email } of [first, second]) await users.setRole(email, 'admin', OPERATOR);
      const results = await Promise.allSettled([first, second].map(({ email }) => users.setRole(email, 'user', OPERATOR)));

      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(results.find((result) => result.status === 'rejected')?.reason).toMatchObject({ code: 'last_admin' });
      expect(await service.rows(sql`SELECT id FROM users WHERE role = 'admin'`)).toHaveLength(1);
    }
  });
});

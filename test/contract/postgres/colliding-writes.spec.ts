import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sql from 'sql-template-tag';
import { DatabaseUnavailableError, WriteConflictError } from '../../../src/database/database-error.js';
import type { Tx } from '../../../src/database/tx.js';
import { UnitOfWork } from '../../../src/database/unit-of-work.js';
import { Service, type User } from '../../support/service.js';

/** Passing it waits until as many have come; those who come later pass at once. */
function barrier(parties: number): () => Promise<void> {
  let open: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return () => {
    if (--parties === 0) open();
    return opened;
  };
}

describe('units of work that collide on PostgreSQL', () => {
  let service: Service;
  let unitOfWork: UnitOfWork;
  let users: User[];

  beforeAll(async () => {
    service = await Service.start(
      {},
      legs.find(({ name }) => name === 'postgres'),
    );
    unitOfWork = service.resolve(UnitOfWork);
    users = [await service.newUser(), await service.newUser()];
  });
  afterAll(() => service.stop());

  const setRole = (tx: Tx, id: string | undefined, role: string): Promise<unknown> =>
    tx.run(sql`UPDATE users SET role = ${role} WHERE id = ${id}`);

  it('that read what the other one writes: the second is tried again and sees the first', async () => {
    await unitOfWork.write((tx) => tx.run(sql`UPDATE users SET role = 'admin'`));
    const bothHaveRead = barrier(2);
    let attempts = 0;
    const demoteUnlessLast = (id: string | undefined): Promise<void> =>
      unitOfWork.write(async (tx) => {
        attempts++;
        await tx.run(sql`SET TRANSACTION ISOLATION LEVEL SERIALIZABLE`);
        const { rows } = await tx.run<{ count: string }>(sql`SELECT count(*) AS count FROM users WHERE role = 'admin' AND id <> ${id}`);
        await bothHaveRead();
        if (rows[0]?.count !== '0') await setRole(tx, id, 'user');
      });

    await Promise.all(users.map(({ id }) => demoteUnlessLast(id)));

    expect(attempts).toBe(3);
    expect(await service.rows(sql`SELECT id FROM users WHERE role = 'admin'`)).toHaveLength(1);
  });

  it('that wait for each other: one is chosen to give way, is tried again and succeeds', async () => {
    const bothHoldOne = barrier(2);
    let attempts = 0;
    const touch = (first: User | undefined, second: User | undefined): Promise<void> =>
      unitOfWork.write(async (tx) => {
        attempts++;
        await setRole(tx, first?.id, 'user');
        await bothHoldOne();
        await setRole(tx, second?.id, 'admin');
      });

    await Promise.all([touch(users[0], users[1]), touch(users[1], users[0])]);

    expect(attempts).toBe(3);
  });

  it('again and again: given up as unavailable after four attempts, with nothing written and nothing announced', async () => {
    let attempts = 0;
    let announced = false;
    const hopeless = unitOfWork.write(async (tx) => {
      attempts++;
      await setRole(tx, users[0]?.id, 'nobody');
      tx.afterCommit(() => {
        announced = true;
      });
      throw new WriteConflictError();
    });

    await expect(hopeless).rejects.toThrow(DatabaseUnavailableError);
    expect({ attempts, announced }).toEqual({ attempts: 4, announced: false });
    expect(await service.rows(sql`SELECT id FROM users WHERE role = 'nobody'`)).toHaveLength(0);
  });

  it('a committed unit is never tried again, whatever comes after it', async () => {
    let attempts = 0;
    const write = unitOfWork.write(async (tx) => {
      attempts++;
      tx.afterCommit(() => {
        throw new WriteConflictError();
      });
    });

    await expect(write).rejects.toThrow(WriteConflictError);
    expect(attempts).toBe(1);
  });

  it('thirty changes of one item at once on two instances: all are made, none is lost', async () => {
    const other = await Service.startOn(service.surroundings);
    const user = await service.newUser();
    const { body: item } = await user.post('/v1/watchlists/items', { title: 'Stalker', media_type: 'movie' });
    const change = (_: unknown, index: number): Promise<number> => {
      const { url } = index % 2 === 0 ? service : other;
      return user
        .at(url)
        .patch(`/v1/watchlists/items/${item.id}`, { notes: `${index}` })
        .then(({ status }) => status);
    };

    expect(new Set(await Promise.all(Array.from({ length: 30 }, change)))).toEqual(new Set([200]));
    expect((await user.get(`/v1/watchlists/items/${item.id}`)).body.version).toBe(31);
    await other.halt();
  });
});

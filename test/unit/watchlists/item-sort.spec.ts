import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Sqlite from 'better-sqlite3';
import * as fc from 'fast-check';
import sql from 'sql-template-tag';
import { behind, orderBy, SORTS } from '../../../src/watchlists/item-sort.js';

type Row = { readonly id: string; readonly key: string | number | null };

describe('the orders of a list', () => {
  it('are those of the contract, each in both directions', () => {
    expect([...SORTS.keys()].toSorted()).toEqual(
      ['created_at', 'updated_at', 'title', 'year', 'rating'].flatMap((name) => [name, `-${name}`]).toSorted(),
    );
  });

  it.each(['constructor', '__proto__', 'toString', 'id', '', '-', '--title', 'title,year'])('do not know %j', (name) => {
    expect(SORTS.get(name)).toBeUndefined();
  });
});

describe.each([...SORTS])('the order by %s', (_, sort) => {
  let database: Sqlite.Database;

  beforeAll(() => {
    database = new Sqlite(':memory:');
    database.exec(`CREATE TABLE items (id TEXT PRIMARY KEY, ${sort.column} ${sort.nullable ? '' : 'NOT NULL'})`);
  });
  afterAll(() => void database.close());

  function fill(rows: readonly Row[]): void {
    database.exec('DELETE FROM items');
    const insert = database.prepare('INSERT INTO items VALUES (?, ?)');
    for (const { id, key } of rows) insert.run(id, key);
  }

  const value = fc.oneof(fc.constantFrom('a', 'b', 'B', 'é', '\uFFEE', '🎬'), fc.integer({ min: 1, max: 3 }));
  const key = sort.nullable ? fc.option(fc.integer({ min: 1, max: 4 })) : value.map(String);
  const rows: fc.Arbitrary<Row[]> = fc.uniqueArray(fc.record({ id: fc.constantFrom(...'abcdefghijkl'), key }), {
    selector: ({ id }) => id,
    maxLength: 12,
  });

  /** As the contract has it: unset values last, ties broken by the id in the same direction. */
  function compare(one: Row, other: Row): number {
    if ((one.key === null) !== (other.key === null)) return one.key === null ? 1 : -1;
    const byKey =
      typeof one.key === 'number'
        ? one.key - Number(other.key)
        : Buffer.compare(Buffer.from(one.key ?? ''), Buffer.from(String(other.key ?? '')));
    return (byKey || one.id.localeCompare(other.id)) * (sort.descending ? -1 : 1);
  }

  it('puts unset values last and breaks ties by the id; whatever row it goes on behind, exactly the rest follows', () => {
    fc.assert(
      fc.property(rows, (stored) => {
        fill(stored);
        const expected = stored.toSorted(compare).map(({ id }) => id);
        const all = sql`SELECT id, ${sql([sort.column])} AS key FROM items ${orderBy(sort)}`;
        const inOrder = database.prepare<unknown[], Row>(all.sql).all(...all.values);

        expect(inOrder.map(({ id }) => id)).toEqual(expected);
        for (const [index, row] of inOrder.entries()) {
          const rest = sql`SELECT id FROM items WHERE ${behind(sort, { ...row, offset: 0 })} ${orderBy(sort)}`;
          expect(
            database
              .prepare<unknown[], Row>(rest.sql)
              .all(...rest.values)
              .map(({ id }) => id),
          ).toEqual(expected.slice(index + 1));
        }
      }),
    );
  });
});

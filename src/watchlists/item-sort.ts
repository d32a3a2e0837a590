// The orders a list can have, and how to go on after a row in each of them.
import sql, { raw, type Sql } from 'sql-template-tag';
import type { Position } from '../http/cursor.js';

export interface ItemSort {
  readonly column: string;
  readonly descending: boolean;
  readonly nullable: boolean;
}

const COLUMNS = [
  { name: 'created_at', column: 'created_at', nullable: false },
  { name: 'updated_at', column: 'updated_at', nullable: false },
  { name: 'title', column: 'title_key', nullable: false },
  { name: 'year', column: 'year', nullable: true },
  { name: 'rating', column: 'rating', nullable: true },
];

/** What `sort` may be. A Map: a name such as `constructor` is found in an object literal. */
export const SORTS: ReadonlyMap<string, ItemSort> = new Map(
  COLUMNS.flatMap(({ name, ...order }): [string, ItemSort][] => [
    [name, { ...order, descending: false }],
    [`-${name}`, { ...order, descending: true }],
  ]),
);

/** The trash shows the newest deletion first. */
export const TRASH_ORDER: ItemSort = { column: 'deleted_at', descending: true, nullable: false };

/** The id breaks ties; unset values come last in both directions, on both engines. */
export function orderBy({ column, descending, nullable }: ItemSort): Sql {
  const direction = descending ? 'DESC' : 'ASC';
  const unsetLast = nullable ? `${column} IS NULL, ` : '';
  return raw(`ORDER BY ${unsetLast}${column} ${direction}, id ${direction}`);
}

/** Rows that come after the position in this order. */
export function behind({ column, descending, nullable }: ItemSort, { key, id }: Position): Sql {
  const name = raw(column);
  const beyond = raw(descending ? '<' : '>');
  if (!nullable) return sql`(${name}, id) ${beyond} (${key}, ${id})`;
  if (key === null) return sql`(${name} IS NULL AND id ${beyond} ${id})`;
  return sql`(${name} IS NULL OR (${name}, id) ${beyond} (${key}, ${id}))`;
}

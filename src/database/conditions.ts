// Small pieces of portable SQL that several repositories put together.
import sql, { empty, join, raw, type Sql } from 'sql-template-tag';

/** `WHERE a AND b`, or nothing without conditions. */
export function where(conditions: readonly Sql[]): Sql {
  return conditions.length === 0 ? empty : sql`WHERE ${join([...conditions], ' AND ')}`;
}

/** The column holds the text, taken literally. @param column a name from the code, never from a caller */
export function contains(column: string, text: string): Sql {
  const pattern = `%${text.replace(/[\\%_]/g, String.raw`\$&`)}%`;
  return sql`${raw(column)} LIKE ${pattern} ESCAPE '\\'`;
}

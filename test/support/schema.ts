// Looks at a database and fills it without knowing its tables, so that tests of migrations need no change with the next one.
import { randomUUID } from 'node:crypto';
import type { DataSource, Table, TableColumn } from 'typeorm';

type Row = Record<string, unknown>;
/** Of every table, ordered by id. */
export type Rows = Record<string, Row[]>;

/** TypeORM's own, which tells what has run. */
const BOOKKEEPING = 'migrations';

/** What can be compared of the tables there are. */
export async function schemaOf(dataSource: DataSource): Promise<unknown> {
  return (await tablesOf(dataSource)).map((table) => ({
    name: nameOf(table),
    columns: table.columns
      .map(({ name, type, length, isNullable, isPrimary, collation }) => ({ name, type, length, isNullable, isPrimary, collation }))
      .toSorted(byName),
    indices: table.indices.map(({ name, columnNames, where }) => ({ name, columnNames, where })).toSorted(byName),
    uniques: table.uniques.map(({ name, columnNames }) => ({ name, columnNames })).toSorted(byName),
    foreignKeys: table.foreignKeys.map(({ name, columnNames, onDelete }) => ({ name, columnNames, onDelete })).toSorted(byName),
  }));
}

export async function rowsOf(dataSource: DataSource): Promise<Rows> {
  const rows: Rows = {};
  for (const name of (await tablesOf(dataSource)).map(nameOf))
    rows[name] = await dataSource.query<Row[]>(`SELECT * FROM ${name} ORDER BY id`);
  return rows;
}

/** One row more in every table, those that others refer to first. */
export async function plantRows(dataSource: DataSource): Promise<void> {
  const planted = new Map<string, string>();
  const waiting = await tablesOf(dataSource);
  while (waiting.length > 0) {
    const next = waiting.findIndex(({ foreignKeys }) => foreignKeys.every((key) => planted.has(referenceOf(key.referencedTableName))));
    if (next < 0) throw new Error(`The tables refer to each other in a circle: ${waiting.map(nameOf).join(', ')}`);
    const [table] = waiting.splice(next, 1);
    if (table) planted.set(nameOf(table), await plantRow(dataSource, table, planted));
  }
}

async function plantRow(dataSource: DataSource, table: Table, planted: ReadonlyMap<string, string>): Promise<string> {
  const id = randomUUID();
  const valueOf = (column: TableColumn): unknown => {
    const reference = table.foreignKeys.find(({ columnNames }) => columnNames.includes(column.name));
    if (reference) return planted.get(referenceOf(reference.referencedTableName));
    return column.isPrimary ? id : madeUp(column);
  };
  const row = Object.fromEntries(table.columns.map((column) => [column.name, valueOf(column)]));
  await dataSource.createQueryBuilder().insert().into(nameOf(table)).values(row).execute();
  return id;
}

let count = 0;

function madeUp({ type, length }: TableColumn): unknown {
  if (type === 'integer') return ++count;
  if (type === 'boolean') return ++count % 2 === 0;
  return `${++count} ${randomUUID()}`.slice(0, Number(length) || undefined);
}

async function tablesOf(dataSource: DataSource): Promise<Table[]> {
  const names =
    dataSource.options.type === 'postgres'
      ? `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema()`
      : `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`;
  const runner = dataSource.createQueryRunner();
  try {
    const tables = await runner.getTables((await dataSource.query<{ name: string }[]>(names)).map(({ name }) => name));
    return tables.filter((table) => nameOf(table) !== BOOKKEEPING).toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  } finally {
    await runner.release();
  }
}

/** PostgreSQL puts the schema before it. */
const nameOf = ({ name }: Table): string => referenceOf(name);
const referenceOf = (name: string): string => name.split('.').at(-1) ?? name;

function byName(a: { readonly name?: string }, b: { readonly name?: string }): number {
  return (a.name ?? '') < (b.name ?? '') ? -1 : 1;
}

// The column types both engines understand alike: varchar, text, integer, boolean. Instants are ISO text set by the application,
// so that they sort, compare and round-trip with milliseconds on SQLite and PostgreSQL.
import { applyDecorators } from '@nestjs/common';
import { Column, type ColumnOptions, PrimaryColumn, TableColumn } from 'typeorm';

const ID = { type: 'varchar', length: '36' } as const;
const INSTANT = { type: 'varchar', length: '24' } as const;

/** Byte order on PostgreSQL too, whatever the database's locale: the order SQLite has, and the order cursors count on. */
const BYTE_ORDER = 'C';

type Options = Pick<ColumnOptions, 'nullable' | 'transformer'>;

/** A UUIDv7 set by the application. */
export const IdColumn = (): PropertyDecorator => PrimaryColumn(ID);
export const ReferenceColumn = (name: string, options: Options = {}): PropertyDecorator => Column({ ...ID, name, ...options });
export const InstantColumn = (name: string, options: Options = {}): PropertyDecorator => Column({ ...INSTANT, name, ...options });
export const VarcharColumn = (name: string, length: number, options: Options = {}): PropertyDecorator =>
  Column({ type: 'varchar', length: String(length), name, ...options });
/** Text that is sorted by or compared with `<`. */
export const SortableColumn = (name: string, length: number): PropertyDecorator =>
  applyDecorators(Column({ type: 'varchar', length: String(length), name, collation: BYTE_ORDER }));
export const TextColumn = (name: string, options: Options = {}): PropertyDecorator => Column({ type: 'text', name, ...options });
export const IntegerColumn = (name: string, options: Options = {}): PropertyDecorator => Column({ type: 'integer', name, ...options });

/** The same columns for migrations, which must not change when an entity does. */
export const column = {
  id: (): TableColumn => new TableColumn({ ...ID, name: 'id', isPrimary: true }),
  reference: (name: string, isNullable = false): TableColumn => new TableColumn({ ...ID, name, isNullable }),
  instant: (name: string, isNullable = false): TableColumn => new TableColumn({ ...INSTANT, name, isNullable }),
  varchar: (name: string, length: number, isNullable = false): TableColumn =>
    new TableColumn({ type: 'varchar', length: String(length), name, isNullable }),
  sortable: (name: string, length: number, engine: string): TableColumn =>
    new TableColumn({ type: 'varchar', length: String(length), name, ...(engine === 'postgres' ? { collation: BYTE_ORDER } : {}) }),
  text: (name: string, isNullable = false): TableColumn => new TableColumn({ type: 'text', name, isNullable }),
  integer: (name: string, isNullable = false): TableColumn => new TableColumn({ type: 'integer', name, isNullable }),
};

/** One row as the driver gives it. */
export type Row = Record<string, unknown>;

/** What a statement answers, alike on both engines. */
export interface QueryAnswer<T> {
  readonly rows: T[];
  /** How many rows the statement changed. */
  readonly affected: number;
}

// Tells what a driver's error means, so that nobody outside this folder knows an engine's codes.
import { QueryFailedError, QueryRunnerAlreadyReleasedError } from 'typeorm';

interface DriverError extends Error {
  readonly code?: string;
  /** PostgreSQL names the constraint. */
  readonly constraint?: string;
}

/** SQLite cannot read or write now: locked by another process, disk full, file unreachable. */
const SQLITE_UNAVAILABLE = /^SQLITE_(BUSY|LOCKED|FULL|IOERR|CANTOPEN|READONLY|PROTOCOL)/;
/** PostgreSQL classes 08 (connection), 53 (resources), 57 (operator), 58 (system), a transaction held too long, and what sockets report. */
const POSTGRES_UNAVAILABLE = /^(08|53|57|58|25P03)|^E(CONN|TIMEDOUT|PIPE|HOST|NET|AI_)|^ENOTFOUND$/;
const POSTGRES_UNAVAILABLE_MESSAGE =
  /timeout|Connection terminated|connection error|Client (has encountered|was closed)|Cannot use a pool/i;
/** A server that was a primary before: another one takes the writes now. */
const POSTGRES_READ_ONLY = '25006';
/** What the driver says when the server did not answer in time. */
const POSTGRES_NO_ANSWER = 'Query read timeout';
const RETRYABLE = new Set(['40001', '40P01']);

/** The database cannot be reached or written now; the caller may try again later. */
export class DatabaseUnavailableError extends Error {
  constructor(cause: unknown) {
    super('The database is unavailable', { cause });
    this.name = 'DatabaseUnavailableError';
  }
}

export function isUnavailable(error: unknown): boolean {
  // A connection that broke between two statements of a transaction is released before the second one.
  if (error instanceof DatabaseUnavailableError || error instanceof QueryRunnerAlreadyReleasedError) return true;
  const driver = driverError(error);
  if (!driver) return false;
  const code = driver.code ?? '';
  return (
    SQLITE_UNAVAILABLE.test(code) ||
    POSTGRES_UNAVAILABLE.test(code) ||
    code === POSTGRES_READ_ONLY ||
    (code === '' && POSTGRES_UNAVAILABLE_MESSAGE.test(driver.message))
  );
}

/** Nothing more can be done with the connection that this happened on. @param error as the driver threw it */
export function isConnectionDead(error: DriverError): boolean {
  return error.message === POSTGRES_NO_ANSWER || error.code === POSTGRES_READ_ONLY;
}

/** What was read in a transaction is no longer so when it is written: the whole transaction is tried again. */
export class WriteConflictError extends Error {
  constructor() {
    super('A row was changed by another transaction since it was read');
    this.name = 'WriteConflictError';
  }
}

/** A conflict, a serialization failure or a deadlock on PostgreSQL: the whole transaction may be tried again. */
export function isRetryable(error: unknown): boolean {
  return error instanceof WriteConflictError || RETRYABLE.has(driverError(error)?.code ?? '');
}

/**
 * @param constraint its name, which PostgreSQL reports
 * @param columns the same constraint as SQLite reports it: `table.column, table.column`
 */
export function violatesUnique(error: unknown, constraint: string, columns: string): boolean {
  const driver = driverError(error);
  if (driver?.code === '23505') return driver.constraint === constraint;
  return driver?.code === 'SQLITE_CONSTRAINT_UNIQUE' && driver.message.endsWith(`: ${columns}`);
}

/** A row was written for one that is not there any more. */
export function violatesForeignKey(error: unknown): boolean {
  const code = driverError(error)?.code;
  return code === '23503' || code === 'SQLITE_CONSTRAINT_FOREIGNKEY';
}

function driverError(error: unknown): DriverError | undefined {
  if (error instanceof QueryFailedError) return error.driverError as DriverError;
  if (error instanceof Error && ('code' in error || POSTGRES_UNAVAILABLE_MESSAGE.test(error.message))) return error;
  return undefined;
}

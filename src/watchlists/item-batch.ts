// Many operations in one request and one transaction: each on its own, or all or nothing.
import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/tx.js';
import type { Actor } from '../http/access.js';
import { ApiError } from '../http/api-error.js';
import { IdPipe } from '../http/id.pipe.js';
import { Pacer } from '../http/pacer.js';
import { Precondition } from '../http/precondition.js';
import { RequestValidationPipe } from '../http/validation.pipe.js';
import { AddOperation, DeleteOperation, type OperationResult, RestoreOperation, UpdateOperation } from './dto/batch.dto.js';
import { ItemWriter, type Refusal } from './item-writer.js';
import { DuplicateItemError } from './watchlists.repository.js';

type Operation = AddOperation | UpdateOperation | DeleteOperation | RestoreOperation;
/** One that is not acceptable is refused when its turn comes. */
export type CheckedOperation = Operation | ApiError;

/** In an atomic batch: this operation was refused, and with it the batch. */
export class RefusedOperationError extends Error {
  constructor(
    private readonly index: number,
    readonly refusal: Refusal,
  ) {
    super(`Operation ${index} was refused`, { cause: refusal });
    this.name = 'RefusedOperationError';
  }

  /** The refusal as an answer that tells where it was. */
  at({ code, message, details }: ApiError): ApiError {
    return new ApiError(code, { message, details: { ...details, operation: this.index }, cause: this });
  }
}

const validation = new RequestValidationPipe();
const ids = new IdPipe();
/** A Map: an operation such as `constructor` is found in an object literal. */
const OPERATIONS = new Map<unknown, new () => Operation>([
  ['add', AddOperation],
  ['update', UpdateOperation],
  ['delete', DeleteOperation],
  ['restore', RestoreOperation],
]);

/** @param operations as they came in the body */
export async function checkOperations(operations: readonly unknown[]): Promise<CheckedOperation[]> {
  const pacer = new Pacer();
  const checked: CheckedOperation[] = [];
  for (const operation of operations) {
    checked.push(await check(operation));
    await pacer.pause();
  }
  return checked;
}

@Injectable()
export class ItemBatch {
  constructor(private readonly writer: ItemWriter) {}

  /** @throws RefusedOperationError when atomic */
  async perform(tx: Tx, actor: Actor, operations: readonly CheckedOperation[], atomic: boolean): Promise<OperationResult[]> {
    const pacer = new Pacer();
    const results: OperationResult[] = [];
    for (const [index, operation] of operations.entries()) {
      const one = (): Promise<OperationResult> => this.performOne(tx, actor, operation);
      try {
        results.push(await (atomic ? one() : tx.savepoint(one)));
      } catch (error) {
        if (!(error instanceof ApiError || error instanceof DuplicateItemError)) throw error;
        if (atomic) throw new RefusedOperationError(index, error);
        results.push(refused(await this.writer.explain(error, tx)));
      }
      await pacer.pause();
    }
    return results;
  }

  private async performOne(tx: Tx, actor: Actor, operation: CheckedOperation): Promise<OperationResult> {
    if (operation instanceof ApiError) throw operation;
    if (operation instanceof AddOperation) {
      const { op: _op, ...dto } = operation;
      return { status: 201, item: await this.writer.add(tx, actor, dto) };
    }
    const { op, id, version, ...fields } = operation;
    const target = [tx, actor, ids.transform(id)] as const;
    const precondition = Precondition.version(version);
    if (op === 'update') return { status: 200, item: await this.writer.update(...target, fields, precondition) };
    if (op === 'restore') return { status: 200, item: await this.writer.restore(...target, precondition) };
    await this.writer.remove(...target, precondition);
    return { status: 204 };
  }
}

async function check(operation: unknown): Promise<CheckedOperation> {
  try {
    const type = OPERATIONS.get((operation as { op?: unknown } | null)?.op);
    if (!type) throw ApiError.field('op', `must be one of ${[...OPERATIONS.keys()].join(', ')}`);
    return await validation.check(operation, type);
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}

function refused({ status, code, message, details }: ApiError): OperationResult {
  return { status, error: { code, message, ...(details && { details }) } };
}

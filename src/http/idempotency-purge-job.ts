import { Injectable } from '@nestjs/common';
import { PurgeJob } from '../database/purge-job.js';
import type { Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { IdempotencyKeysRepository } from './idempotency-keys.repository.js';

/** Forgets the answers nobody may ask for again. */
@Injectable()
export class IdempotencyPurgeJob extends PurgeJob {
  constructor(
    unitOfWork: UnitOfWork,
    private readonly keys: IdempotencyKeysRepository,
  ) {
    super(unitOfWork);
  }

  protected purgeSome(tx: Tx, most: number): Promise<number> {
    return this.keys.deleteExpired(tx, most);
  }
}

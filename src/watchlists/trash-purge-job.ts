import { Injectable } from '@nestjs/common';
import { PurgeJob } from '../database/purge-job.js';
import type { Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { WatchlistsRepository } from './watchlists.repository.js';

/** Empties the trash of what has been in it for too long. That it was deleted stands in the audit trail since it went in. */
@Injectable()
export class TrashPurgeJob extends PurgeJob {
  constructor(
    unitOfWork: UnitOfWork,
    private readonly items: WatchlistsRepository,
  ) {
    super(unitOfWork);
  }

  protected purgeSome(tx: Tx, most: number): Promise<number> {
    return this.items.deleteTrashed(tx, most);
  }
}

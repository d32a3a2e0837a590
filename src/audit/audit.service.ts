// The audit trail: what was changed, by whom and on which request, written in the transaction of the change itself.
import { Injectable, Logger } from '@nestjs/common';
import { now } from '../database/clock.js';
import { newId } from '../database/id.js';
import type { Tx } from '../database/tx.js';
import { Cursors } from '../http/cursor.js';
import { type CursorQuery, cutPage } from '../http/paging.js';
import { type AuditAction, type AuditEvent, type Author, type Changes, changesBetween, OPERATOR } from './audit-event.js';
import { AuditRepository } from './audit.repository.js';
import { AuditSealer } from './audit-sealer.js';
import { AuditVerificationService } from './audit-verification.service.js';
import { AuditEntryDto, type AuditPage } from './dto/audit-page.dto.js';
import type { AuditFilter, AuditQuery } from './dto/audit-query.dto.js';
import { AuditVerificationDto } from './dto/audit-verification.dto.js';
import { oneAtATime } from './one-at-a-time.js';

/** What a takeout is made of. */
export { AuditEntryDto };
/** What those who write the trail need to say. */
export { type AuditAction, type AuditEvent, type Author, type Changes, changesBetween, OPERATOR };

@Injectable()
export class AuditService {
  private readonly logger = new Logger('Audit');

  /** Covers everything that was committed before the call. */
  readonly verify = oneAtATime(() => this.sealAndVerify());

  constructor(
    private readonly entries: AuditRepository,
    private readonly sealer: AuditSealer,
    private readonly verification: AuditVerificationService,
    private readonly cursors: Cursors,
  ) {}

  /** Part of the change it tells of: both are committed, or neither. */
  async record(tx: Tx, event: AuditEvent): Promise<void> {
    await this.entries.insert(tx, {
      id: newId(),
      seq: null,
      hash: null,
      at: now(),
      actorId: event.by.id,
      action: event.action,
      targetType: event.targetType,
      targetId: event.targetId,
      changes: JSON.stringify(event.changes ?? {}),
      requestId: event.by.origin?.requestId ?? null,
      ip: event.by.origin?.ip ?? null,
    });
    tx.afterCommit(this.sealer.wake);
    tx.afterCommit(() => this.log(event));
  }

  /** What one account did. @throws ApiError `validation_failed` for a cursor of another query */
  listOwn(actorId: string, { limit, cursor }: CursorQuery): Promise<AuditPage> {
    return this.page({ actor_id: actorId }, limit, cursor);
  }

  /** The whole trail, filtered. @throws ApiError `validation_failed` for a cursor of another query */
  listAll({ limit, cursor, ...filter }: AuditQuery): Promise<AuditPage> {
    return this.page(filter, limit, cursor);
  }

  /** Ids alone: the log is read by others than the trail. */
  private log({ action, by, targetType, targetId }: AuditEvent): void {
    this.logger.log({ request_id: by.origin?.requestId, actor_id: by.id, target_type: targetType, target_id: targetId }, action);
  }

  private async sealAndVerify(): Promise<AuditVerificationDto> {
    await this.sealer.flush();
    return AuditVerificationDto.from(await this.verification.verify());
  }

  private async page(filter: AuditFilter, limit: number, cursor: string | undefined): Promise<AuditPage> {
    const query = `audit ${JSON.stringify(filter, ['actor_id', 'action', 'target_id', 'since', 'until'])}`;
    const after = cursor === undefined ? undefined : this.cursors.decode(cursor, query);
    const { page, last } = cutPage(await this.entries.listPage(filter, after?.id, limit + 1), limit);
    const offset = (after?.offset ?? 0) + page.length;
    return {
      items: page.map(AuditEntryDto.from),
      next_cursor: last ? this.cursors.encode({ key: null, id: last.id, offset }, query) : null,
    };
  }
}

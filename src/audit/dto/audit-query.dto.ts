import { ChoiceField, InstantField, TextField } from '../../http/fields.js';
import { CursorQuery } from '../../http/paging.js';
import { AUDIT_ACTIONS, type AuditAction } from '../audit-event.js';

export interface AuditFilter {
  readonly actor_id?: string;
  readonly action?: AuditAction;
  readonly target_id?: string;
  readonly since?: string;
  readonly until?: string;
}

export class AuditQuery extends CursorQuery implements AuditFilter {
  @TextField({ maximum: 36, optional: true, description: 'Only what this account did.' })
  actor_id?: string;

  @ChoiceField(AUDIT_ACTIONS, { optional: true })
  action?: AuditAction;

  @TextField({ maximum: 36, optional: true, description: 'Only what was done to this account, session, token or item.' })
  target_id?: string;

  @InstantField({ optional: true, description: 'Only what happened at this instant or later.' })
  since?: string;

  @InstantField({ optional: true, description: 'Only what happened before this instant.' })
  until?: string;
}

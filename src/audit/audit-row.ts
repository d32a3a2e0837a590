// Entries as the database gives them: under the names they have on the wire.

export interface AuditRow {
  readonly id: string;
  readonly seq: number | null;
  readonly at: string;
  readonly actor_id: string | null;
  readonly action: string;
  readonly target_type: string;
  readonly target_id: string | null;
  readonly changes: string;
  readonly request_id: string | null;
  readonly ip: string | null;
}

export interface SealedRow extends AuditRow {
  readonly seq: number;
  readonly hash: string | null;
}

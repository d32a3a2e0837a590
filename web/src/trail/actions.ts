// The actions of the audit trail as people say them.
import type { AuditEntry } from '../api/types.js';

export type Action = AuditEntry['action'];

export const ACTIONS: ReadonlyMap<Action, string> = new Map<Action, string>([
  ['user.registered', 'Opened the account'],
  ['user.logged_in', 'Logged in'],
  ['user.login_failed', 'Failed to log in'],
  ['user.logged_out', 'Logged out'],
  ['user.password_changed', 'Changed the password'],
  ['user.role_changed', 'Changed a role'],
  ['user.disabled', 'Disabled an account'],
  ['user.enabled', 'Enabled an account'],
  ['user.deleted', 'Deleted an account'],
  ['session.revoked', 'Ended a session'],
  ['session.reuse_detected', 'Used a refresh token twice'],
  ['token.created', 'Created a token'],
  ['token.revoked', 'Revoked a token'],
  ['item.added', 'Added a title'],
  ['item.updated', 'Changed a title'],
  ['item.deleted', 'Deleted a title'],
  ['item.restored', 'Restored a title'],
]);

/** `title: Dune → Dune: Part One`, a field each. */
export function changesOf({ changes }: AuditEntry): string[] {
  return Object.entries(changes).map(([field, [before, after]]) =>
    before === null || before === undefined ? `${words(field)}: ${shown(after)}` : `${words(field)}: ${shown(before)} → ${shown(after)}`,
  );
}

function words(field: string): string {
  return field.replaceAll('_', ' ');
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return '–';
  if (Array.isArray(value)) return value.join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

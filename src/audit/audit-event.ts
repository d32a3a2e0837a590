// What can stand in the audit trail.
import type { Origin } from '../http/origin.js';

export const AUDIT_ACTIONS = [
  'user.registered',
  'user.logged_in',
  'user.login_failed',
  'user.logged_out',
  'user.password_changed',
  'user.role_changed',
  'user.disabled',
  'user.enabled',
  'user.deleted',
  'session.revoked',
  'session.reuse_detected',
  'token.created',
  'token.revoked',
  'item.added',
  'item.updated',
  'item.deleted',
  'item.restored',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

export const AUDIT_TARGET_TYPES = ['user', 'session', 'token', 'item'] as const;
export type AuditTargetType = (typeof AUDIT_TARGET_TYPES)[number];

/** `{field: [before, after]}`; never holds a secret. */
export type Changes = Record<string, readonly [before: unknown, after: unknown]>;

/** Whoever did it; an actor is one. */
export interface Author {
  /** Nobody, when it was not known who it was. */
  readonly id: string | null;
  /** Nothing when it was no request. */
  readonly origin: Origin | null;
}

/** Whoever runs the service, from its machine or its environment. */
export const OPERATOR: Author = { id: null, origin: null };

export interface AuditEvent {
  readonly action: AuditAction;
  readonly by: Author;
  readonly targetType: AuditTargetType;
  readonly targetId: string | null;
  readonly changes?: Changes;
}

/** The fields that differ. @param before nothing for a thing that is new */
export function changesBetween<T extends object>(before: T | undefined, after: T): Changes {
  const fields = Object.entries(after) as [keyof T & string, unknown][];
  const changed = fields.filter(([field, value]) => (before?.[field] ?? null) !== (value ?? null));
  return Object.fromEntries(changed.map(([field, value]) => [field, [before?.[field] ?? null, value ?? null] as const]));
}

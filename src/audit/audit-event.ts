// What can stand in the audit trail.

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

export interface AuditEvent {
  readonly action: AuditAction;
  /** Who did it; nobody, when it was not known who it was. */
  readonly actorId: string | null;
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

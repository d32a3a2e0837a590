// Every migration, oldest first: one list for both engines.
import { CreateUsersAndSessions1795345000000 } from './migrations/1795345000000-create-users-and-sessions.js';
import { CreateWatchlistItems1795345000001 } from './migrations/1795345000001-create-watchlist-items.js';
import { CreateAuditEntries1795345000002 } from './migrations/1795345000002-create-audit-entries.js';
import { SealAuditEntries1795345400000 } from './migrations/1795345400000-seal-audit-entries.js';
import { CreatePersonalAccessTokens1795350000000 } from './migrations/1795350000000-create-personal-access-tokens.js';
import { CreateIdempotencyKeys1795431000000 } from './migrations/1795431000000-create-idempotency-keys.js';
import { IndexTrashByAge1795431000001 } from './migrations/1795431000001-index-trash-by-age.js';

export const MIGRATIONS = [
  CreateUsersAndSessions1795345000000,
  CreateWatchlistItems1795345000001,
  CreateAuditEntries1795345000002,
  SealAuditEntries1795345400000,
  CreatePersonalAccessTokens1795350000000,
  CreateIdempotencyKeys1795431000000,
  IndexTrashByAge1795431000001,
];

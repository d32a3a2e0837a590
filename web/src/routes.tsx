// Every page and its address. The service serves the same addresses (src/dashboard/pages.ts). What only some visit is loaded when
// it is visited: each page is the default export of its module.
import type { ComponentType } from 'preact';
import { ListPage } from './list/list-page.js';

export interface Route {
  readonly title: string;
  readonly load: () => Promise<{ readonly default: ComponentType }>;
  /** For administrators alone. */
  readonly admin?: true;
}

const list = Promise.resolve({ default: ListPage });

export const ROUTES: ReadonlyMap<string, Route> = new Map<string, Route>([
  ['/', { title: 'Watchlist', load: () => list }],
  ['/trash', { title: 'Trash', load: () => import('./trash/trash-page.js') }],
  ['/account', { title: 'Account', load: () => import('./account/account-page.js') }],
  ['/admin/users', { title: 'Users', admin: true, load: () => import('./admin/users-page.js') }],
  ['/admin/audit', { title: 'Audit trail', admin: true, load: () => import('./admin/audit-page.js') }],
  ['/admin/health', { title: 'Health', admin: true, load: () => import('./admin/health-page.js') }],
]);

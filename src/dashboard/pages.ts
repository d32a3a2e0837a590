/** The addresses of the dashboard's own pages: the same document, which finds out by its address what to show. */
export const PAGES = ['/', '/trash', '/account', '/admin/users', '/admin/audit', '/admin/health'] as const;

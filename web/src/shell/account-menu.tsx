// Where one can go, and out.
import { useRef } from 'preact/hooks';
import { logOut } from '../session/session.js';
import type { User } from '../api/types.js';
import { Link } from '../ui/link.js';
import { toast } from '../ui/toasts.js';
import { wordsFor } from '../api/problem.js';

const FOR_ALL = [
  ['/', 'Watchlist'],
  ['/trash', 'Trash'],
  ['/account', 'Account'],
] as const;
const FOR_ADMINISTRATORS = [
  ['/admin/users', 'Users'],
  ['/admin/audit', 'Audit trail'],
  ['/admin/health', 'Health'],
] as const;

export function AccountMenu({ user, onHelp }: { readonly user: User; readonly onHelp: () => void }) {
  const menu = useRef<HTMLDivElement>(null);
  const close = (): void => menu.current?.hidePopover();
  const entries = (links: readonly (readonly [string, string])[]) =>
    links.map(([href, label]) => (
      <Link key={href} href={href} class="menu-entry" onClick={close}>
        {label}
      </Link>
    ));
  const leave = (): void => {
    close();
    logOut().catch((error: unknown) => toast({ text: `You are still logged in. ${wordsFor(error)}`, error }));
  };
  return (
    <>
      <button type="button" class="button quiet" popovertarget="account-menu">
        You <span aria-hidden="true">▾</span>
      </button>
      <div id="account-menu" class="menu" popover="auto" ref={menu}>
        <p class="menu-head secondary">{user.email}</p>
        <nav aria-label="Pages">
          {entries(FOR_ALL)}
          {user.role === 'admin' && (
            <>
              <p class="menu-head secondary">Administration</p>
              {entries(FOR_ADMINISTRATORS)}
            </>
          )}
        </nav>
        <hr />
        <button
          type="button"
          class="menu-entry"
          onClick={() => {
            close();
            onHelp();
          }}
        >
          Keys <kbd aria-hidden="true">?</kbd>
        </button>
        <button type="button" class="menu-entry" onClick={leave}>
          Log out
        </button>
      </div>
    </>
  );
}

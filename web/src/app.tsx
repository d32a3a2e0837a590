// The frame around every page, and the door before it.
import { QueryClientProvider } from '@tanstack/preact-query';
import { useEffect, useState } from 'preact/hooks';
import { queryClient } from './api/client.js';
import { connected } from './api/connection.js';
import { navigate, useAddress } from './router.js';
import { resume, session } from './session/session.js';
import { AccountMenu } from './shell/account-menu.js';
import { Entrance } from './shell/entrance.js';
import { KeysDialog, useKeys } from './shell/keys.js';
import { Page } from './shell/page.js';
import { SaveState } from './shell/save-state.js';
import { Search, SEARCH_FIELD } from './shell/search.js';
import { useStore } from './use-store.js';
import { LiveRegion } from './ui/announce.js';
import { Link } from './ui/link.js';
import { ProblemNotice } from './ui/problem-notice.js';
import { SkeletonRows } from './ui/skeleton.js';
import { Toasts } from './ui/toasts.js';
import type { User } from './api/types.js';

const WAITING_ROWS = 10;

export function App() {
  const current = useStore(session);
  return (
    <QueryClientProvider client={queryClient}>
      {current.state === 'unknown' && <Arrival />}
      {current.state === 'out' && <Entrance ended={current.because === 'ended'} />}
      {current.state === 'in' && <Frame key={current.user.id} user={current.user} />}
      <Toasts />
      <LiveRegion />
    </QueryClientProvider>
  );
}

/** Until it is known who comes: tried again whenever the service can be reached again. */
function Arrival() {
  const online = useStore(connected);
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    if (online) resume().catch(setError);
  }, [online]);
  return (
    <main class="column">
      {error === undefined ? <SkeletonRows count={WAITING_ROWS} label="Loading …" /> : <ProblemNotice error={error} />}
    </main>
  );
}

function Frame({ user }: { readonly user: User }) {
  const { pathname } = useAddress();
  const path = pathname.replace(/(.)\/$/, '$1');
  const [helping, setHelping] = useState(false);
  useKeys({
    '?': () => setHelping(true),
    '/': () => {
      const focus = (): void => document.getElementById(SEARCH_FIELD)?.focus();
      if (path === '/') return focus();
      navigate('/');
      // The field is there once the page is.
      setTimeout(focus);
    },
  });
  return (
    <>
      <a class="skip-link" href="#main">
        Skip to the page
      </a>
      <header class="top">
        <div class="top-row">
          <Link href="/" class="brand">
            Watchlist
          </Link>
          {path === '/' && <Search />}
          <SaveState />
          <AccountMenu user={user} onHelp={() => setHelping(true)} />
        </div>
      </header>
      <main id="main" class="column" tabIndex={-1}>
        <Page path={path} user={user} />
      </main>
      {helping && <KeysDialog onClose={() => setHelping(false)} />}
    </>
  );
}

// The page at an address, loaded when it is visited.
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { User } from '../api/types.js';
import { ROUTES } from '../routes.js';
import { Link } from '../ui/link.js';
import { SkeletonRows } from '../ui/skeleton.js';

const WAITING_ROWS = 6;

export function Page({ path, user }: { readonly path: string; readonly user: User }) {
  const route = ROUTES.get(path);
  const [loaded, setLoaded] = useState<{ readonly path: string; readonly Component?: ComponentType }>();
  useEffect(() => {
    if (!route) return undefined;
    let current = true;
    document.title = path === '/' ? route.title : `${route.title} · Watchlist`;
    route.load().then(
      (module) => current && setLoaded({ path, Component: module.default }),
      () => current && setLoaded({ path }),
    );
    return () => {
      current = false;
    };
  }, [path, route]);

  if (!route) return <Elsewhere words="There is no such page." />;
  if (route.admin && user.role !== 'admin') return <Elsewhere words="This page is for administrators." />;
  if (loaded?.path !== path) return <SkeletonRows count={WAITING_ROWS} label="Loading …" />;
  const { Component } = loaded;
  return Component ? <Component /> : <NotLoaded />;
}

function Elsewhere({ words }: { readonly words: string }) {
  return (
    <p class="notice">
      {words} <Link href="/">Back to the list</Link>
    </p>
  );
}

/** Its file could not be fetched: there is no connection, or a new version has other files. */
function NotLoaded() {
  return (
    <div class="notice problem" role="alert">
      <p>This page could not be loaded. Nothing is lost.</p>
      <button type="button" class="button" onClick={() => window.location.reload()}>
        Reload
      </button>
    </div>
  );
}

// Rows of the height that the real ones will have, so that nothing moves when they come. Shown when waiting takes long enough to be seen.
import { useEffect, useState } from 'preact/hooks';

const PATIENCE_MS = 300;

export function SkeletonRows({ count, label }: { readonly count: number; readonly label: string }) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div class={shown ? 'skeleton-rows shown' : 'skeleton-rows'} aria-busy="true">
      <span class="hidden-visually">{label}</span>
      {Array.from({ length: count }, (_, index) => (
        <div class="skeleton-row" key={index}>
          <span class="skeleton" />
          <span class="skeleton" />
        </div>
      ))}
    </div>
  );
}

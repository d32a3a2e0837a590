// How the service and what it depends on are doing.
import '../styles/entries.css';
import { useQuery } from '@tanstack/preact-query';
import { send } from '../api/send.js';
import type { Health } from '../api/types.js';
import { Loaded } from '../ui/loaded.js';

const REFRESH_MS = 10_000;
const WORDS = { ok: 'Everything works.', degraded: 'It works, but the cache is away.', down: 'The service is not ready.' };

export default function HealthPage() {
  const health = useQuery({ queryKey: ['health'], queryFn: loadHealth, refetchInterval: REFRESH_MS });
  return (
    <div class="sections">
      <h1>Health</h1>
      <Loaded query={health} rows={4}>
        {({ status, version, uptime_seconds, checks }) => (
          <>
            <p class={status === 'ok' ? 'notice' : 'notice problem'} role="status">
              {WORDS[status]}
            </p>
            <dl class="facts">
              {(['database', 'cache'] as const).map((name) => (
                <Dependency key={name} name={name} check={checks[name]} />
              ))}
              <dt>Version</dt>
              <dd>{version}</dd>
              <dt>Running for</dt>
              <dd>{duration(uptime_seconds)}</dd>
            </dl>
          </>
        )}
      </Loaded>
      <div>
        <button type="button" class="button" disabled={health.isFetching} onClick={() => void health.refetch()}>
          Look again
        </button>
      </div>
    </div>
  );
}

function Dependency({
  name,
  check: { status, engine, latency_ms },
}: {
  readonly name: string;
  readonly check: Health['checks']['database'];
}) {
  return (
    <>
      <dt>{name === 'database' ? 'Database' : 'Cache'}</dt>
      <dd>
        {engine} <span class={status === 'up' ? 'mark' : 'mark bad'}>{status}</span> <span class="secondary">{latency_ms} ms</span>
      </dd>
    </>
  );
}

/** Its 503 tells as much as its 200. */
async function loadHealth({ signal }: { readonly signal: AbortSignal }): Promise<Health> {
  const response = await send(new Request('/health/detailed', { cache: 'no-store', signal }));
  return (await response.json()) as Health;
}

function duration(seconds: number): string {
  const [days, hours, minutes] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3_600) % 24, Math.floor(seconds / 60) % 60];
  if (days > 0) return `${days} d ${hours} h`;
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min`;
}

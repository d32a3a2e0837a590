// What everybody did, for administrators, and whether the chain of entries is whole.
import '../styles/entries.css';
import { useQuery } from '@tanstack/preact-query';
import { api } from '../api/client.js';
import { answerOf } from '../api/send.js';
import type { AuditQuery } from '../api/types.js';
import { ACTIONS } from '../trail/actions.js';
import { Trail } from '../trail/trail.js';
import { Choice } from '../ui/choice.js';
import { Field } from '../ui/field.js';
import { ProblemNotice } from '../ui/problem-notice.js';
import { setParameters, useParameter } from './parameters.js';

const ENTRIES_AT_ONCE = 50;
const ANY_ACTION = new Map<string, string>([['', 'Any'], ...ACTIONS]);

export default function AuditPage() {
  const action = useParameter('action');
  const [actor, target, since, until] = [useParameter('actor_id'), useParameter('target_id'), useParameter('since'), useParameter('until')];
  const filter = {
    ...(action !== '' && { action }),
    ...(actor !== '' && { actor_id: actor.trim() }),
    ...(target !== '' && { target_id: target.trim() }),
    ...(since !== '' && { since: startOf(since) }),
    ...(until !== '' && { until: endOf(until) }),
  } as AuditQuery;
  return (
    <div class="sections">
      <h1>Audit trail</h1>
      <Chain />
      <form class="filters" role="search" onSubmit={(event) => event.preventDefault()}>
        <Choice label="Action" value={action} options={ANY_ACTION} onChange={(value) => setParameters({ action: value })} />
        <Filter label="Who (id)" name="actor_id" value={actor} />
        <Filter label="On what (id)" name="target_id" value={target} />
        <Filter label="From" name="since" value={since} type="date" />
        <Filter label="To" name="until" value={until} type="date" />
      </form>
      <Trail
        queryKey={['trail', filter]}
        withActor
        load={(cursor) =>
          answerOf(
            api.GET('/v1/audit', { params: { query: { ...filter, limit: ENTRIES_AT_ONCE, ...(cursor !== undefined && { cursor }) } } }),
          )
        }
      />
    </div>
  );
}

interface FilterProps {
  readonly label: string;
  readonly name: string;
  readonly value: string;
  readonly type?: string;
}

function Filter({ label, name, value, type = 'search' }: FilterProps) {
  return (
    <Field
      label={label}
      type={type}
      value={value}
      autocomplete="off"
      onChange={(event) => setParameters({ [name]: event.currentTarget.value })}
    />
  );
}

/** Asked for only when somebody wants to know: every entry is looked at. */
function Chain() {
  const chain = useQuery({ queryKey: ['chain'], queryFn: () => answerOf(api.GET('/v1/audit/verify')), enabled: false });
  const { data } = chain;
  return (
    <div class={data?.ok === false ? 'notice problem' : 'notice'}>
      <p role="status">
        {!data && 'Each entry is sealed by a hash over the one before it.'}
        {data?.ok === true && `The chain of ${data.entries} entries is whole.`}
        {data?.ok === false && `The chain is broken at entry ${data.first_broken_seq ?? 'unknown'}.`}
      </p>
      <button type="button" class="button small" disabled={chain.isFetching} onClick={() => void chain.refetch()}>
        {chain.isFetching ? 'Verifying …' : 'Verify the chain'}
      </button>
      {chain.error && <ProblemNotice error={chain.error} />}
    </div>
  );
}

/** The days are the reader's own, whatever the zone. */
function startOf(day: string): string {
  return new Date(`${day}T00:00:00`).toISOString();
}

function endOf(day: string): string {
  return new Date(`${day}T23:59:59.999`).toISOString();
}

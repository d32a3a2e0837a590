// The dot in the header: whether everything is saved, on its way, waiting for the connection, or for a decision between two versions.
import { connected } from '../api/connection.js';
import { useConflicts, useEdits } from '../edits/edits.js';
import { useStore } from '../use-store.js';

export function SaveState() {
  const waiting = useEdits().length;
  const online = useStore(connected);
  const undecided = useConflicts().length;
  const [state, words] = stateOf(online, waiting, undecided);
  return (
    <span class={`save-state ${state}`} role="status">
      <span class="dot" aria-hidden="true" />
      <span class="save-words">{words}</span>
    </span>
  );
}

function stateOf(online: boolean, waiting: number, undecided: number): readonly [state: string, words: string] {
  if (!online) return ['offline', waiting > 0 ? `Offline · ${waiting} waiting` : 'Offline'];
  if (waiting > 0) return ['saving', 'Saving…'];
  if (undecided > 0) return ['undecided', `${undecided} undecided`];
  return ['saved', 'Saved'];
}

// The dot in the header: whether everything is saved, on its way, or waiting for the connection.
import { connected } from '../api/connection.js';
import { useEdits } from '../edits/edits.js';
import { useStore } from '../use-store.js';

export function SaveState() {
  const waiting = useEdits().length;
  const online = useStore(connected);
  const [state, words] = online
    ? waiting > 0
      ? ['saving', 'Saving…']
      : ['saved', 'Saved']
    : ['offline', waiting > 0 ? `Offline · ${waiting} waiting` : 'Offline'];
  return (
    <span class={`save-state ${state}`} role="status">
      <span class="dot" aria-hidden="true" />
      <span class="save-words">{words}</span>
    </span>
  );
}

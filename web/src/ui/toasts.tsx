// Short messages at the foot of the page, each with what can be done about it: undo, edit again, copy the request id.
import { Store } from '../store.js';
import { useStore } from '../use-store.js';
import { announce } from './announce.js';
import { RequestId } from './problem-notice.js';

interface Action {
  readonly label: string;
  /** The key that does the same, to be shown beside it. */
  readonly key?: string;
  readonly perform: () => void;
}

interface NewToast {
  readonly text: string;
  readonly action?: Action;
  /** Stays until it is closed, with its code and request id. */
  readonly error?: unknown;
  readonly staysMs?: number;
}

interface Toast extends NewToast {
  readonly id: number;
}

const STAYS_MS = 6_000;
const MOST = 3;

const toasts = new Store<readonly Toast[]>([]);
let lastId = 0;

/** @returns how to take it away before its time */
export function toast(message: NewToast): () => void {
  const id = ++lastId;
  toasts.set([...toasts.value, { ...message, id }].slice(-MOST));
  announce(
    message.action ? `${message.text} ${message.action.label}${message.action.key ? `: key ${message.action.key}` : ''}` : message.text,
  );
  const dismiss = (): void => toasts.set(toasts.value.filter((each) => each.id !== id));
  if (message.error === undefined) setTimeout(dismiss, message.staysMs ?? STAYS_MS);
  return dismiss;
}

export function clearToasts(): void {
  toasts.set([]);
}

export function Toasts() {
  return (
    <section class="toasts" aria-label="Messages">
      {useStore(toasts).map((each) => (
        <ToastMessage key={each.id} toast={each} />
      ))}
    </section>
  );
}

function ToastMessage({ toast: { id, text, action, error } }: { readonly toast: Toast }) {
  const dismiss = (): void => toasts.set(toasts.value.filter((each) => each.id !== id));
  return (
    <div class={error === undefined ? 'toast' : 'toast problem'}>
      <p>{text}</p>
      <RequestId error={error} />
      {action && (
        <button
          type="button"
          class="button small"
          onClick={() => {
            dismiss();
            action.perform();
          }}
        >
          {action.label}
          {action.key && <kbd aria-hidden="true">{action.key}</kbd>}
        </button>
      )}
      {error !== undefined && (
        <button type="button" class="button small quiet" onClick={dismiss}>
          Close
        </button>
      )}
    </div>
  );
}

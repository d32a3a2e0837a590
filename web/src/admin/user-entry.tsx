import type { ManagedUser } from '../api/types.js';
import { When } from '../ui/when.js';

interface Props {
  readonly user: ManagedUser;
  readonly isMe: boolean;
  readonly busy: boolean;
  readonly onChange: (changes: { readonly role?: ManagedUser['role']; readonly disabled?: boolean }) => void;
  readonly onRemove: () => void;
}

export function UserEntry({ user: { email, role, disabled_at, created_at, item_count }, isMe, busy, onChange, onRemove }: Props) {
  const isAdmin = role === 'admin';
  const isDisabled = disabled_at !== null;
  return (
    <li class="entry">
      <div class="entry-main">
        <p>
          {email} {isAdmin && <span class="mark">administrator</span>} {isDisabled && <span class="mark bad">disabled</span>}{' '}
          {isMe && <span class="mark">you</span>}
        </p>
        <p class="secondary">
          {item_count} {item_count === 1 ? 'title' : 'titles'} · registered <When at={created_at} />
        </p>
      </div>
      <div class="entry-actions" role="group" aria-label={email}>
        <button type="button" class="button small" disabled={busy} onClick={() => onChange({ role: isAdmin ? 'user' : 'admin' })}>
          {isAdmin ? 'Make user' : 'Make administrator'}
        </button>
        <button type="button" class="button small" disabled={busy} onClick={() => onChange({ disabled: !isDisabled })}>
          {isDisabled ? 'Enable' : 'Disable'}
        </button>
        <button type="button" class="button small danger" disabled={busy} onClick={onRemove}>
          Delete …
        </button>
      </div>
    </li>
  );
}

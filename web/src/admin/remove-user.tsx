// Deleting somebody's account: the one thing an administrator cannot take back, so it is asked for twice.
import { useMutation } from '@tanstack/preact-query';
import { api } from '../api/client.js';
import { answerOf } from '../api/send.js';
import type { ManagedUser } from '../api/types.js';
import { announce } from '../ui/announce.js';
import { Dialog } from '../ui/dialog.js';
import { ProblemNotice } from '../ui/problem-notice.js';

interface Props {
  readonly user: ManagedUser;
  readonly onClose: () => void;
  readonly onRemoved: () => void;
}

export function RemoveUser({ user: { id, email, item_count }, onClose, onRemoved }: Props) {
  const remove = useMutation({
    mutationFn: () => answerOf(api.DELETE('/v1/users/{id}', { params: { path: { id } } })),
    onSuccess: () => {
      announce(`${email} is deleted.`);
      onRemoved();
    },
  });
  return (
    <Dialog title="Delete this account?" onClose={onClose}>
      <p>
        {email} and {item_count === 1 ? 'one title' : `${item_count} titles`} are gone for good. Disabling keeps them.
      </p>
      {remove.error && <ProblemNotice error={remove.error} />}
      <div class="entry-actions">
        <button type="button" class="button danger" disabled={remove.isPending} onClick={() => remove.mutate()}>
          Delete for good
        </button>
        <button type="button" class="button quiet" autofocus onClick={onClose}>
          Keep it
        </button>
      </div>
    </Dialog>
  );
}

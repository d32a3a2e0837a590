// Everything the service holds about the account, as a file. The request needs the access token, which no plain link can carry.
import { useMutation } from '@tanstack/preact-query';
import { api } from '../api/client.js';
import { answerOf } from '../api/send.js';
import { announce } from '../ui/announce.js';
import { ProblemNotice } from '../ui/problem-notice.js';

/** Some browsers read the file only after the click. */
const STILL_READ_MS = 60_000;

export function Download() {
  const download = useMutation({
    mutationFn: () => answerOf(api.GET('/v1/auth/me/export', { parseAs: 'blob' })),
    onSuccess: (file) => {
      save(file, 'watchlist-export.json');
      announce('The file is in your downloads.');
    },
  });
  return (
    <>
      <button type="button" class="button" disabled={download.isPending} onClick={() => download.mutate()}>
        Download everything
      </button>
      {download.error && <ProblemNotice error={download.error} />}
    </>
  );
}

function save(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), STILL_READ_MS);
}

// Everything about one's own account.
import '../styles/entries.css';
import { api } from '../api/client.js';
import { answerOf } from '../api/send.js';
import { useUser } from '../session/use-user.js';
import { Trail } from '../trail/trail.js';
import { dateTime } from '../ui/when.js';
import { DeleteAccount } from './delete-account.js';
import { Download } from './download.js';
import { Password } from './password.js';
import { Section } from './section.js';
import { Sessions } from './sessions.js';
import { Tokens } from './tokens.js';

const ENTRIES_AT_ONCE = 10;

export default function AccountPage() {
  const user = useUser();
  return (
    <div class="sections">
      <div>
        <h1>Account</h1>
        <p class="secondary">
          {user.email} · since {dateTime(user.created_at)}
        </p>
      </div>
      <Section title="Sessions" words="Where you are logged in. What you end is out at once.">
        <Sessions />
      </Section>
      <Section title="Access tokens" words="For scripts and apps, in place of your password.">
        <Tokens />
      </Section>
      <Section title="Password" words="Changing it ends all other sessions.">
        <Password email={user.email} />
      </Section>
      <Section title="History" words="What was done with your account. Nothing is ever taken out of it.">
        <Trail
          queryKey={['own-trail']}
          load={(cursor) =>
            answerOf(api.GET('/v1/audit/me', { params: { query: { limit: ENTRIES_AT_ONCE, ...(cursor !== undefined && { cursor }) } } }))
          }
        />
      </Section>
      <Section title="Your data" words="The account, the list with its trash, the sessions, the tokens and the history, in one JSON file.">
        <Download />
      </Section>
      <Section title="Delete the account" words="Your list, your sessions and your tokens are gone for good, and cannot be brought back.">
        <DeleteAccount />
      </Section>
    </div>
  );
}

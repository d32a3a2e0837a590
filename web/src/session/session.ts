// Who is logged in. The access token lives in this page's memory alone; what outlives a reload is the refresh cookie, which no
// script can read. Tabs share one session: one of them renews it for all, and logging out ends it in all.
import createClient from 'openapi-fetch';
import type { paths } from '../api/schema.js';
import { answerOf, send } from '../api/send.js';
import { Problem } from '../api/problem.js';
import type { User } from '../api/types.js';
import { Store } from '../store.js';
import { onOtherTabs, oneTabAtATime, tellOtherTabs } from './tabs.js';

export type Session =
  { readonly state: 'unknown' } | { readonly state: 'out'; readonly because?: 'ended' } | { readonly state: 'in'; readonly user: User };

interface Token {
  readonly value: string;
  readonly endsAt: number;
}

interface Login {
  readonly access_token: string;
  readonly expires_in: number;
  readonly user: User;
}

/** Renewed this long before its end, so that it lasts for the request it is sent with. */
const RENEW_BEFORE_MS = 20_000;

export const session = new Store<Session>({ state: 'unknown' });

const api = createClient<paths>({ fetch: send });
let token: Token | undefined;
let renewing: Promise<void> | undefined;

/** Asks whether the cookie of an earlier visit still holds. @throws Unreachable, Problem */
export async function resume(): Promise<void> {
  await renew(undefined);
}

/** @throws Problem `invalid_credentials`, `account_disabled`, `rate_limited` */
export async function logIn(email: string, password: string): Promise<void> {
  adopt(await answerOf(api.POST('/v1/auth/login', { body: { email, password } })));
}

/** @throws Problem `email_taken`, `validation_failed` */
export async function register(email: string, password: string): Promise<void> {
  await answerOf(api.POST('/v1/auth/register', { body: { email, password } }));
  await logIn(email, password);
}

/** Ends the session on the server, and with it in every tab. @throws Unreachable: the cookie still holds then */
export async function logOut(): Promise<void> {
  const { response, error } = await api.POST('/v1/auth/logout', { headers: authorization(token) });
  // Over already is over, too.
  if (!response.ok && response.status !== 401) await answerOf(Promise.resolve({ response, error }));
  forget();
}

/** For whoever has just ended the session in another way, such as by deleting the account. */
export function forget(): void {
  end();
  tellOtherTabs({ type: 'logged-out' });
}

/** Sends a request as whoever is logged in, renewing the access token where it is over. @throws Unreachable */
export async function sendAuthorized(request: Request): Promise<Response> {
  if (!token || token.endsAt - Date.now() < RENEW_BEFORE_MS) await renew(token);
  const used = token;
  const response = await send(withToken(request.clone(), used));
  if (response.status !== 401 || !(await isOver(response.clone()))) return response;
  await renew(used);
  return token ? send(withToken(request, token)) : response;
}

/** Whether it was the token that was refused, and not a password beside it. */
async function isOver(response: Response): Promise<boolean> {
  const { code } = (await response.json()) as { code?: string };
  return code === 'not_authenticated';
}

/** Only once for however many requests and tabs find the same token over. */
function renew(over: Token | undefined): Promise<void> {
  renewing ??= oneTabAtATime('watchlist-session', async () => {
    // Another tab may have been first.
    if (token && token !== over) return;
    try {
      adopt(await answerOf(api.POST('/v1/auth/refresh')));
    } catch (error) {
      if (!(error instanceof Problem) || error.passes) throw error;
      end(session.value.state === 'in' ? 'ended' : undefined);
    }
  }).finally(() => (renewing = undefined));
  return renewing;
}

function adopt({ access_token, expires_in, user }: Login): void {
  token = { value: access_token, endsAt: Date.now() + expires_in * 1_000 };
  enter(user);
  tellOtherTabs({ type: 'logged-in', token: token.value, endsAt: token.endsAt, user });
}

function enter(user: User): void {
  const { value } = session;
  const same = value.state === 'in' && value.user.id === user.id && value.user.role === user.role;
  if (!same) session.set({ state: 'in', user });
}

function end(because?: 'ended'): void {
  token = undefined;
  if (session.value.state !== 'out') session.set(because ? { state: 'out', because } : { state: 'out' });
}

function authorization(held: Token | undefined): Record<string, string> {
  return held ? { Authorization: `Bearer ${held.value}` } : {};
}

function withToken(request: Request, held: Token | undefined): Request {
  if (held) request.headers.set('Authorization', `Bearer ${held.value}`);
  return request;
}

onOtherTabs((message) => {
  if (message.type === 'logged-out') end();
  if (message.type !== 'logged-in') return;
  token = { value: message.token, endsAt: message.endsAt };
  enter(message.user);
});

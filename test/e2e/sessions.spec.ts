import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sql from 'sql-template-tag';
import { UserCache } from '../../src/cache/user-cache.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { type Answer, Client } from '../support/http.js';
import { PASSWORD, Service, type User } from '../support/service.js';

const ME = '/v1/auth/me';
const REFRESH = '/v1/auth/refresh';
const LOGOUT = '/v1/auth/logout';
const SESSIONS = '/v1/auth/sessions';
const PASSWORD_ROUTE = '/v1/auth/password';
const COOKIE = 'watchlist_refresh';
const NEW_PASSWORD = 'another good password';

let service: Service;

beforeAll(async () => {
  service = await Service.start({ TRUST_PROXY: '127.0.0.1,::1' });
});
afterAll(() => service.stop());

const refresh = (refreshToken: unknown, on: Client = service): Promise<Answer> => on.post(REFRESH, { refresh_token: refreshToken });
const refusal = ({ status, body }: Answer) => [status, body.code];
const sessionIdOf = (refreshToken: string): string => refreshToken.split('.', 1)[0] ?? '';
const withToken = (token: string): Client => new Client(service.url, token);

/** Sets the clock of a session back, as if it had been refreshed that much earlier. */
async function age(user: User, milliseconds: number, column = sql`last_used_at`): Promise<void> {
  const id = sessionIdOf(user.refreshToken);
  const at = new Date(Date.now() - milliseconds).toISOString();
  await service.resolve(UnitOfWork).write(async (tx) => {
    await tx.run(sql`UPDATE sessions SET ${column} = ${at} WHERE id = ${id}`);
    tx.afterCommit(() => service.resolve(UserCache).invalidate(user.id, 'identity'));
  });
}

const actionsOn = async (targetId: string): Promise<unknown[]> =>
  (await service.rows(sql`SELECT action FROM audit_entries WHERE target_id = ${targetId} ORDER BY id`)).map(({ action }) => action);

describe('refresh', () => {
  it('answers as a login does, with tokens that work, for the same session', async () => {
    const user = await service.newUser();
    const answer = await refresh(user.refreshToken);

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 900,
      refresh_token: expect.any(String),
      user: { id: user.id, email: user.email, role: 'user', created_at: expect.any(String) },
    });
    expect(answer.body.refresh_token).not.toBe(user.refreshToken);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(sessionIdOf(answer.body.refresh_token)).toBe(sessionIdOf(user.refreshToken));
    expect((await withToken(answer.body.access_token).get(ME)).status).toBe(200);
  });

  it('goes on from successor to successor', async () => {
    let { refreshToken } = await service.newUser();
    for (let count = 1; count <= 5; count++) {
      const { status, body } = await refresh(refreshToken);
      expect(status).toBe(200);
      refreshToken = body.refresh_token;
    }
  });

  it('gives one successor to twenty that ask with the same token at once', async () => {
    const user = await service.newUser();
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(user.refreshToken)));

    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(new Set(answers.map(({ body }) => body.refresh_token)).size).toBe(1);
    const [session] = await service.rows(sql`SELECT refresh_count FROM sessions WHERE id = ${sessionIdOf(user.refreshToken)}`);
    expect(session).toEqual({ refresh_count: 1 });
  });

  it('answers a repeated use with the same successor within ten seconds, while that is unused', async () => {
    const user = await service.newUser();
    const successor = (await refresh(user.refreshToken)).body.refresh_token;
    await age(user, 9_000);

    const again = await refresh(user.refreshToken);

    expect([again.status, again.body.refresh_token]).toEqual([200, successor]);
    expect((await refresh(successor)).status).toBe(200);
  });

  it('ends the session when a token is used again later than that, and says so in the trail', async () => {
    const user = await service.newUser();
    const successor = await refresh(user.refreshToken);
    await age(user, 11_000);

    expect(refusal(await refresh(user.refreshToken))).toEqual([401, 'invalid_refresh_token']);

    expect(refusal(await refresh(successor.body.refresh_token))).toEqual([401, 'invalid_refresh_token']);
    expect((await withToken(successor.body.access_token).get(ME)).status).toBe(401);
    expect((await user.get(ME)).status).toBe(401);
    expect(await actionsOn(sessionIdOf(user.refreshToken))).toEqual(['user.logged_in', 'session.reuse_detected']);
  });

  it('ends the session when a token is used again after its successor was used, however soon', async () => {
    const user = await service.newUser();
    const second = (await refresh(user.refreshToken)).body.refresh_token;
    const third = (await refresh(second)).body.refresh_token;

    expect(refusal(await refresh(user.refreshToken))).toEqual([401, 'invalid_refresh_token']);

    expect(refusal(await refresh(third))).toEqual([401, 'invalid_refresh_token']);
    expect(await actionsOn(sessionIdOf(user.refreshToken))).toEqual(['user.logged_in', 'session.reuse_detected']);
  });

  it('leaves the other sessions of the user alone when one is ended by reuse', async () => {
    const user = await service.newUser();
    const other = await service.logIn(user.email);
    const second = (await refresh(user.refreshToken)).body.refresh_token;
    await refresh(second);
    await refresh(user.refreshToken);

    expect((await user.get(ME)).status).toBe(401);
    expect((await other.get(ME)).status).toBe(200);
  });

  it('refuses a session that was not refreshed for too long, and its access token with it', async () => {
    const user = await service.newUser();
    await age(user, 7 * 86_400_000 + 1_000);

    expect(refusal(await refresh(user.refreshToken))).toEqual([401, 'invalid_refresh_token']);
    expect((await user.get(ME)).status).toBe(401);
    expect(await actionsOn(sessionIdOf(user.refreshToken))).toEqual(['user.logged_in']);
  });

  it('refuses a session past its last day, however busy it was', async () => {
    const user = await service.newUser();
    await age(user, 1_000, sql`expires_at`);

    expect(refusal(await refresh(user.refreshToken))).toEqual([401, 'invalid_refresh_token']);
    expect((await user.get(ME)).status).toBe(401);
  });

  it('never lets a cached caller outlive the session by itself', async () => {
    const shortLived = await Service.startOn(service.surroundings, { SESSION_IDLE_TTL: '1s' });
    try {
      const user = await shortLived.newUser();
      expect((await user.get(ME)).status).toBe(200);
      let answer = await user.get(ME);
      for (const end = Date.now() + 10_000; answer.status === 200 && Date.now() < end;) answer = await user.get(ME);
      expect(answer.status).toBe(401);
    } finally {
      await shortLived.halt();
    }
  });

  it('knows none but its own tokens', async () => {
    const user = await service.newUser();
    const [id = '', , signature = ''] = user.refreshToken.split('.');
    const forged = createHmac('sha256', 'a key of somebody else').update(`${id}.0`).digest('base64url');
    const unknown = crypto.randomUUID();

    for (const token of [
      `${id}.0.${forged}`,
      `${id}.1.${signature}`,
      `${id}.00.${signature}`,
      `${unknown}.0.${signature}`,
      `${id}.0.`,
      `${id}.0`,
      user.refreshToken.toUpperCase(),
      `${user.refreshToken} `,
      user.token ?? '',
      '',
      'x'.repeat(5_000),
      `${id}.0.${'A'.repeat(43)}`,
    ]) {
      expect([token, ...refusal(await refresh(token))]).toEqual([token, 401, 'invalid_refresh_token']);
    }
    expect((await refresh(user.refreshToken)).status).toBe(200);
  });

  it.each([
    ['a number', { refresh_token: 1 }],
    ['null', { refresh_token: null }],
    ['a field it does not know', { refresh_token: 'x', user_id: 'y' }],
    ['nothing in the body and no cookie', {}],
  ])('refuses %s', async (_, body) => {
    expect(refusal(await service.post(REFRESH, body))).toEqual([400, 'validation_failed']);
  });

  it('takes no refresh token for an access token, and no access token for a refresh token', async () => {
    const user = await service.newUser();

    expect((await withToken(user.refreshToken).get(ME)).status).toBe(401);
    expect(refusal(await refresh(user.token))).toEqual([401, 'invalid_refresh_token']);
  });
});

describe('logout', () => {
  it('ends the session at once: neither of its tokens works any more', async () => {
    const user = await service.newUser();
    await user.get(ME);

    expect((await user.post(LOGOUT)).status).toBe(204);

    expect(refusal(await user.get(ME))).toEqual([401, 'not_authenticated']);
    expect(refusal(await refresh(user.refreshToken))).toEqual([401, 'invalid_refresh_token']);
    expect(refusal(await user.post(LOGOUT))).toEqual([401, 'not_authenticated']);
    expect(await actionsOn(sessionIdOf(user.refreshToken))).toEqual(['user.logged_in', 'user.logged_out']);
  });

  it('ends one session only', async () => {
    const user = await service.newUser();
    const other = await service.logIn(user.email);

    await user.post(LOGOUT);

    expect((await other.get(ME)).status).toBe(200);
  });

  it('is no failure when ten log out at once, and stands in the trail once', async () => {
    const user = await service.newUser();
    const statuses = await Promise.all(Array.from({ length: 10 }, async () => (await user.post(LOGOUT)).status));

    expect(statuses.every((status) => status === 204 || status === 401)).toBe(true);
    expect(statuses).toContain(204);
    expect(await actionsOn(sessionIdOf(user.refreshToken))).toEqual(['user.logged_in', 'user.logged_out']);
  });

  it('bites on another instance too, which had the caller in its cache', async () => {
    const second = await Service.startOn(service.surroundings);
    try {
      const user = await service.newUser();
      const elsewhere = new Client(second.url, user.token);
      expect((await elsewhere.get(ME)).status).toBe(200);
      expect((await user.post(LOGOUT)).status).toBe(204);
      expect((await elsewhere.get(ME)).status).toBe(401);
    } finally {
      await second.halt();
    }
  });
});

describe('the list of sessions', () => {
  it('shows the own living sessions, newest first, and which one asks', async () => {
    const user = await service.newUser();
    const phone = await service.logIn(user.email);
    const gone = await service.logIn(user.email);
    await gone.post(LOGOUT);
    await service.newUser();

    const { status, body } = await user.get(SESSIONS, { headers: { 'User-Agent': 'Mozilla/5.0' } });

    expect(status).toBe(200);
    const session = {
      created_at: expect.stringMatching(/Z$/),
      last_used_at: expect.stringMatching(/Z$/),
      ip: '127.0.0.1',
      user_agent: expect.any(String),
    };
    expect(body).toEqual({
      items: [
        { id: sessionIdOf(phone.refreshToken), ...session, current: false },
        { id: sessionIdOf(user.refreshToken), ...session, current: true },
      ],
      next_cursor: null,
    });
  });

  it('tells where a session was last refreshed from', async () => {
    const user = await service.newUser();
    await service.post(
      REFRESH,
      { refresh_token: user.refreshToken },
      { headers: { 'User-Agent': 'my phone', 'X-Forwarded-For': '203.0.113.9' } },
    );

    expect((await user.get(SESSIONS)).body.items).toMatchObject([{ ip: '203.0.113.9', user_agent: 'my phone' }]);
  });

  it('leads from page to page', async () => {
    const user = await service.newUser();
    const others = [await service.logIn(user.email), await service.logIn(user.email)];

    const first = await user.get(`${SESSIONS}?limit=2`);
    const second = await user.get(`${SESSIONS}?limit=2&cursor=${first.body.next_cursor}`);

    const ids = [...first.body.items, ...second.body.items].map(({ id }: { id: string }) => id);
    expect(ids).toEqual([others[1], others[0], user].map((each) => sessionIdOf(each?.refreshToken ?? '')));
    expect(second.body.next_cursor).toBeNull();
  });

  it('keeps no rows of sessions that are over once the user logs in again', async () => {
    const user = await service.newUser();
    await user.post(LOGOUT);
    const idle = await service.logIn(user.email);
    await age(idle, 8 * 86_400_000);
    await service.logIn(user.email);

    expect(await service.rows(sql`SELECT id FROM sessions WHERE user_id = ${user.id}`)).toHaveLength(1);
  });
});

describe('revoking a session', () => {
  it('ends it at once and says so in the trail', async () => {
    const user = await service.newUser();
    const lost = await service.logIn(user.email);
    await lost.get(ME);
    const id = sessionIdOf(lost.refreshToken);

    expect((await user.delete(`${SESSIONS}/${id}`)).status).toBe(204);

    expect((await lost.get(ME)).status).toBe(401);
    expect(refusal(await refresh(lost.refreshToken))).toEqual([401, 'invalid_refresh_token']);
    expect((await user.get(ME)).status).toBe(200);
    expect(await actionsOn(id)).toEqual(['user.logged_in', 'session.revoked']);
    expect(refusal(await user.delete(`${SESSIONS}/${id}`))).toEqual([404, 'not_found']);
  });

  it('answers for a session of somebody else as for none', async () => {
    const [user, other] = [await service.newUser(), await service.newUser()];

    for (const id of [sessionIdOf(other.refreshToken), crypto.randomUUID(), 'x', '%00']) {
      expect(refusal(await user.delete(`${SESSIONS}/${id}`))).toEqual([404, 'not_found']);
    }
    expect((await other.get(ME)).status).toBe(200);
  });
});

describe('changing the password', () => {
  it('puts the new one in place of the old one and ends all other sessions', async () => {
    const user = await service.newUser();
    const other = await service.logIn(user.email);
    await other.get(ME);

    const answer = await user.post(PASSWORD_ROUTE, { current_password: PASSWORD, new_password: NEW_PASSWORD });

    expect(answer.status).toBe(204);
    expect((await user.get(ME)).status).toBe(200);
    expect((await refresh(user.refreshToken)).status).toBe(200);
    expect((await other.get(ME)).status).toBe(401);
    expect(refusal(await refresh(other.refreshToken))).toEqual([401, 'invalid_refresh_token']);
    expect(refusal(await service.post('/v1/auth/login', { email: user.email, password: PASSWORD }))).toEqual([401, 'invalid_credentials']);
    expect((await service.post('/v1/auth/login', { email: user.email, password: NEW_PASSWORD })).status).toBe(200);
    expect(await actionsOn(user.id)).toContain('user.password_changed');
  });

  it('asks for the current one, and changes nothing without it', async () => {
    const user = await service.newUser();
    const other = await service.logIn(user.email);

    const answer = await user.post(PASSWORD_ROUTE, { current_password: 'a wrong password', new_password: NEW_PASSWORD });

    expect(refusal(answer)).toEqual([401, 'invalid_credentials']);
    expect((await other.get(ME)).status).toBe(200);
    expect((await service.logIn(user.email)).token).toBeDefined();
    expect(await actionsOn(user.id)).not.toContain('user.password_changed');
  });

  it('holds the new one to the same rules as the first', async () => {
    const user = await service.newUser();
    for (const new_password of ['short', 'x'.repeat(73), 'password123', user.email, 1, null, undefined]) {
      const answer = await user.post(PASSWORD_ROUTE, { current_password: PASSWORD, new_password });
      expect([new_password, ...refusal(answer)]).toEqual([new_password, 400, 'validation_failed']);
      expect(answer.body.details.fields).toMatchObject([{ field: 'new_password' }]);
    }
  });

  it('lets no login with the old one get through beside it', async () => {
    const user = await service.newUser();
    const logins = Array.from({ length: 12 }, () => service.post('/v1/auth/login', { email: user.email, password: PASSWORD }));
    const change = user.post(PASSWORD_ROUTE, { current_password: PASSWORD, new_password: NEW_PASSWORD });

    expect((await change).status).toBe(204);
    for (const answer of await Promise.all(logins)) {
      expect(['200', '401 invalid_credentials']).toContain(`${answer.status} ${answer.body.code ?? ''}`.trim());
      expect((await withToken(answer.body.access_token).get(ME)).status).toBe(401);
    }
    expect((await user.get(SESSIONS)).body.items).toHaveLength(1);
  });
});

describe('deleting the own account', () => {
  it('removes it with everything in it, and keeps the fact alone', async () => {
    const user = await service.newUser();
    await user.post('/v1/watchlists/items', { title: 'Dune', media_type: 'movie' });
    const token = (await user.post('/v1/auth/tokens', { name: 'script', scopes: ['read'] })).body.token;

    const answer = await user.delete(ME, { body: { password: PASSWORD } });

    expect(answer.status).toBe(204);
    for (const bearer of [user.token ?? '', token]) expect((await withToken(bearer).get(ME)).status).toBe(401);
    expect(refusal(await refresh(user.refreshToken))).toEqual([401, 'invalid_refresh_token']);
    expect(refusal(await service.post('/v1/auth/login', { email: user.email, password: PASSWORD }))).toEqual([401, 'invalid_credentials']);
    for (const table of [sql`sessions`, sql`watchlist_items`, sql`personal_access_tokens`]) {
      expect(await service.rows(sql`SELECT id FROM ${table} WHERE user_id = ${user.id}`)).toEqual([]);
    }
    const trail = await service.rows(sql`SELECT * FROM audit_entries WHERE actor_id = ${user.id} OR target_id = ${user.id}`);
    expect(trail.map(({ action }) => action)).toContain('user.deleted');
    expect(JSON.stringify(trail)).not.toContain(user.email);
    expect((await service.post('/v1/auth/register', { email: user.email, password: PASSWORD })).status).toBe(201);
  });

  it('asks for the password', async () => {
    const user = await service.newUser();

    expect(refusal(await user.delete(ME, { body: { password: 'a wrong password' } }))).toEqual([401, 'invalid_credentials']);
    expect(refusal(await user.delete(ME, { body: {} }))).toEqual([400, 'validation_failed']);
    expect(refusal(await user.delete(ME))).toEqual([400, 'malformed_request']);
    expect((await user.get(ME)).status).toBe(200);
  });

  it('answers what is on its way for the account with 401, never with a failure', async () => {
    const user = await service.newUser();
    const adding = Array.from({ length: 40 }, (_, n) => user.post('/v1/watchlists/items', { title: `Title ${n}`, media_type: 'show' }));
    const logins = Array.from({ length: 10 }, () => service.post('/v1/auth/login', { email: user.email, password: PASSWORD }));
    const deleted = user.delete(ME, { body: { password: PASSWORD } });

    expect((await deleted).status).toBe(204);
    for (const { status } of await Promise.all(adding)) expect([201, 401]).toContain(status);
    for (const { status } of await Promise.all(logins)) expect([200, 401]).toContain(status);
    expect(await service.rows(sql`SELECT id FROM watchlist_items WHERE user_id = ${user.id}`)).toEqual([]);
  });
});

describe('the cookie', () => {
  const login = (user: User, headers: Record<string, string> = {}): Promise<Answer> =>
    service.post('/v1/auth/login', { email: user.email, password: PASSWORD }, { headers });
  const withCookie = (value: string, headers: Record<string, string> = {}, name = COOKIE) => ({
    headers: { Cookie: `a=b; ${name}=${value}; c=d`, ...headers },
  });

  it('is set by a login and a refresh, out of reach of scripts and other sites', async () => {
    const user = await service.newUser();
    const { body, headers } = await login(user);
    expect(headers.getSetCookie()).toEqual([`${COOKIE}=${body.refresh_token}; Max-Age=604800; Path=/v1/auth; HttpOnly; SameSite=Strict`]);

    const next = await refresh(body.refresh_token);
    expect(next.headers.getSetCookie()).toEqual([
      `${COOKIE}=${next.body.refresh_token}; Max-Age=604800; Path=/v1/auth; HttpOnly; SameSite=Strict`,
    ]);
  });

  it('is Secure under a name that only TLS can set, where a trusted proxy ends TLS', async () => {
    const user = await service.newUser();
    const tls = { 'X-Forwarded-Proto': 'https' };
    const { body, headers } = await login(user, tls);
    expect(headers.getSetCookie()).toEqual([
      `__Secure-${COOKIE}=${body.refresh_token}; Max-Age=604800; Path=/v1/auth; HttpOnly; Secure; SameSite=Strict`,
    ]);

    expect(refusal(await service.post(REFRESH, undefined, withCookie(body.refresh_token, tls)))).toEqual([400, 'validation_failed']);
    expect((await service.post(REFRESH, undefined, withCookie(body.refresh_token, tls, `__Secure-${COOKIE}`))).status).toBe(200);
  });

  it('believes a header about TLS from a trusted proxy alone', async () => {
    const distrustful = await Service.startOn(service.surroundings, { TRUST_PROXY: 'false' });
    try {
      const user = await distrustful.newUser();
      const answer = await distrustful.post(
        '/v1/auth/login',
        { email: user.email, password: PASSWORD },
        { headers: { 'X-Forwarded-Proto': 'https' } },
      );
      expect(answer.headers.getSetCookie()[0]).not.toContain('Secure');
    } finally {
      await distrustful.halt();
    }
  });

  it('refreshes without a body', async () => {
    const user = await service.newUser();
    const answer = await service.post(REFRESH, undefined, withCookie(user.refreshToken));
    expect(answer.status).toBe(200);

    const next = await service.post(REFRESH, {}, withCookie(answer.body.refresh_token));
    expect(next.status).toBe(200);
    expect(next.headers.getSetCookie()[0]).toContain(next.body.refresh_token);
    expect(next.body.refresh_token).not.toBe(answer.body.refresh_token);
  });

  it('gives way to a token in the body', async () => {
    const [user, other] = [await service.newUser(), await service.newUser()];
    const answer = await service.post(REFRESH, { refresh_token: user.refreshToken }, withCookie(other.refreshToken));

    expect(answer.body.user.id).toBe(user.id);
  });

  it.each([
    ['by Sec-Fetch-Site', { 'Sec-Fetch-Site': 'cross-site' }],
    ['by Sec-Fetch-Site, from a sibling host', { 'Sec-Fetch-Site': 'same-site' }],
    ['by its Origin', { Origin: 'https://evil.example' }],
    ['by an opaque Origin', { Origin: 'null' }],
  ])('is not taken from another site, as told %s', async (_, headers) => {
    const user = await service.newUser();
    for (const route of [REFRESH, LOGOUT]) {
      const answer = await service.post(route, undefined, withCookie(user.refreshToken, headers));
      expect(refusal(answer)).toEqual([403, 'forbidden']);
      expect(answer.body.details).toEqual({ required: 'same-origin' });
      expect(answer.headers.getSetCookie()).toEqual([]);
    }
    expect((await user.get(ME)).status).toBe(200);
    expect((await refresh(user.refreshToken)).status).toBe(200);
  });

  it('is taken from the own pages', async () => {
    const user = await service.newUser();
    const ownPages: Record<string, string>[] = [{ 'Sec-Fetch-Site': 'same-origin' }, { Origin: service.url }, {}];
    for (const headers of ownPages) {
      const { refreshToken } = await service.logIn(user.email);
      expect((await service.post(REFRESH, undefined, withCookie(refreshToken, headers))).status).toBe(200);
    }
  });

  it('logs out where the access token is over, and is cleared by that', async () => {
    const user = await service.newUser();
    const answer = await service.post(LOGOUT, undefined, { token: 'x.y.z', ...withCookie(user.refreshToken) });

    expect(answer.status).toBe(204);
    expect(answer.headers.getSetCookie()).toEqual([`${COOKIE}=; Max-Age=0; Path=/v1/auth; HttpOnly; SameSite=Strict`]);
    expect((await user.get(ME)).status).toBe(401);
  });

  it('opens nothing but refresh and logout', async () => {
    const user = await service.newUser();
    for (const [method, path] of [
      ['GET', ME],
      ['GET', SESSIONS],
      ['GET', '/v1/watchlists'],
      ['POST', PASSWORD_ROUTE],
      ['DELETE', ME],
    ] as const) {
      expect(refusal(await service.request(method, path, withCookie(user.refreshToken)))).toEqual([401, 'not_authenticated']);
    }
  });

  it.each(['', 'x', `${crypto.randomUUID()}.0.${'A'.repeat(43)}`, '%zz', '"quoted"'])('that is no token is refused: %s', async (value) => {
    expect((await service.post(LOGOUT, undefined, withCookie(value))).status).toBe(401);
    expect([400, 401]).toContain((await service.post(REFRESH, undefined, withCookie(value))).status);
  });
});

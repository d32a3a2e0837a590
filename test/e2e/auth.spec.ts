import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sql, { type Sql } from 'sql-template-tag';
import { OPERATOR } from '../../src/audit/audit.service.js';
import { UserCache } from '../../src/cache/user-cache.js';
import { Config } from '../../src/config/config.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { UsersService } from '../../src/users/users.service.js';
import type { Answer } from '../support/http.js';
import { PASSWORD, Service, type User } from '../support/service.js';

const REGISTER = '/v1/auth/register';
const LOGIN = '/v1/auth/login';
const ME = '/v1/auth/me';
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

let service: Service;

beforeAll(async () => {
  service = await Service.start();
});
afterAll(() => service.stop());

const NOT_AUTHENTICATED = [401, 'not_authenticated', 'Bearer'];
const refusalIn = ({ status, body, headers }: Answer) => [status, body.code, headers.get('www-authenticate')];

const newEmail = (): string => `${crypto.randomUUID()}@example.org`;

/** Changes the database as another part of the service would: what is remembered of the user is dropped. */
function changeBehind(userId: string, statement: Sql): Promise<void> {
  return service.resolve(UnitOfWork).write(async (tx) => {
    await tx.run(statement);
    tx.afterCommit(() => service.resolve(UserCache).invalidate(userId, 'identity'));
  });
}

const disable = (user: User): Promise<void> =>
  changeBehind(user.id, sql`UPDATE users SET disabled_at = ${new Date().toISOString()} WHERE id = ${user.id}`);

const countOf = async (table: Sql): Promise<number> =>
  Number((await service.rows<{ n: number }>(sql`SELECT count(*) AS n FROM ${table}`))[0]?.n);

/** What the trail holds of one request. */
const auditOf = (requestId: string | null) =>
  service.rows(sql`SELECT action, actor_id, target_type, target_id, changes FROM audit_entries WHERE request_id = ${requestId}`);

describe('register', () => {
  it('opens an account, keeps nothing of the password but its hash, and leaves an entry in the trail', async () => {
    const email = newEmail();
    const answer = await service.post(REGISTER, { email, password: PASSWORD });

    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      id: expect.stringMatching(UUID_V7),
      email,
      role: 'user',
      created_at: expect.stringMatching(INSTANT),
    });
    const [row] = await service.rows(sql`SELECT * FROM users WHERE email = ${email}`);
    expect(row).toMatchObject({ id: answer.body.id, role: 'user', disabled_at: null, password_hash: expect.stringMatching(/^\$2b\$04\$/) });
    expect(JSON.stringify(row)).not.toContain(PASSWORD);
    expect(await auditOf(answer.headers.get('x-request-id'))).toEqual([
      {
        action: 'user.registered',
        actor_id: answer.body.id,
        target_type: 'user',
        target_id: answer.body.id,
        changes: '{"role":[null,"user"]}',
      },
    ]);
  });

  it.each([
    ['in capitals and with spaces around it', '  ADA.Lovelace@Example.ORG ', 'ada.lovelace@example.org'],
    ['with an international domain', 'ada@Bücher.example', 'ada@xn--bcher-kva.example'],
  ])('keeps an e-mail address %s in its one form, with which one logs in in any other', async (_, given, normal) => {
    expect((await service.post(REGISTER, { email: given, password: PASSWORD })).body.email).toBe(normal);

    for (const email of [given, normal, normal.toUpperCase()]) {
      expect((await service.post(LOGIN, { email, password: PASSWORD })).status).toBe(200);
    }
  });

  it('refuses an e-mail address that is taken, in any case, and changes nothing', async () => {
    const { email } = await service.newUser();
    const [users, entries] = [await countOf(sql`users`), await countOf(sql`audit_entries`)];

    for (const taken of [email, email.toUpperCase(), ` ${email}`]) {
      const answer = await service.post(REGISTER, { email: taken, password: 'another good password' });
      expect([answer.status, answer.body.code]).toEqual([409, 'email_taken']);
    }

    expect([await countOf(sql`users`), await countOf(sql`audit_entries`)]).toEqual([users, entries]);
    expect((await service.post(LOGIN, { email, password: PASSWORD })).status).toBe(200);
  });

  it('opens one account when twenty ask for the same address at once, in two cases', async () => {
    const email = newEmail();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        service.post(REGISTER, { email: index % 2 ? email : email.toUpperCase(), password: PASSWORD }),
      ),
    );

    expect(answers.map(({ status }) => status).filter((status) => status === 409)).toHaveLength(19);
    expect(await service.rows(sql`SELECT id FROM users WHERE email = ${email}`)).toHaveLength(1);
    expect(
      await service.rows(sql`SELECT id FROM audit_entries WHERE target_id = ${answers.find(({ status }) => status === 201)?.body.id}`),
    ).toHaveLength(1);
  });

  it.each([
    ['too short', 'xq7vzkw'],
    ['too long for bcrypt', 'x'.repeat(73)],
    ['too long for bcrypt in characters of two bytes', 'é'.repeat(37)],
    ['one of the most common', 'Password1'],
    ['no text', 12_345_678],
    ['missing', undefined],
    ['null', null],
  ])('refuses a password that is %s, and opens nothing', async (_, password) => {
    const email = newEmail();
    const answer = await service.post(REGISTER, { email, password });

    expect([answer.status, answer.body.code]).toEqual([400, 'validation_failed']);
    expect(answer.body.details.fields).toEqual([{ field: 'password', message: expect.any(String) }]);
    expect(await service.rows(sql`SELECT id FROM users WHERE email = ${email}`)).toEqual([]);
    expect(await auditOf(answer.headers.get('x-request-id'))).toEqual([]);
  });

  it('refuses the e-mail address as the password, in any case', async () => {
    const email = newEmail();
    const answer = await service.post(REGISTER, { email: email.toUpperCase(), password: email.toUpperCase() });

    expect(answer.body.details.fields).toEqual([{ field: 'password', message: expect.stringContaining('e-mail') }]);
  });

  it('takes a password of exactly 72 bytes and one in any script, as they are', async () => {
    for (const password of ['x'.repeat(72), 'пароль из слов', '  spaces around  ']) {
      const email = newEmail();
      expect((await service.post(REGISTER, { email, password })).status).toBe(201);
      expect((await service.post(LOGIN, { email, password })).status).toBe(200);
      expect((await service.post(LOGIN, { email, password: `${password.trim()}.` })).status).toBe(401);
    }
  });

  it('lets nobody choose a role, an id or anything else that is not asked for', async () => {
    for (const extra of [{ role: 'admin' }, { id: 'x' }, { disabled_at: null }]) {
      const answer = await service.post(REGISTER, { email: newEmail(), password: PASSWORD, ...extra });
      expect([answer.status, answer.body.code]).toEqual([400, 'validation_failed']);
    }
  });
});

describe('login', () => {
  it('opens a session with its tokens, and leaves an entry in the trail', async () => {
    const email = newEmail();
    const { body: user } = await service.post(REGISTER, { email, password: PASSWORD });
    const answer = await service.post(LOGIN, { email, password: PASSWORD }, { headers: { 'User-Agent': 'a script of mine' } });

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      token_type: 'Bearer',
      expires_in: 900,
      refresh_token: expect.any(String),
      user,
    });
    const [session] = await service.rows(sql`SELECT * FROM sessions WHERE user_id = ${user.id}`);
    expect(session).toMatchObject({ ended_at: null, refresh_count: 0, ip: '127.0.0.1', user_agent: 'a script of mine' });
    expect(await auditOf(answer.headers.get('x-request-id'))).toEqual([
      { action: 'user.logged_in', actor_id: user.id, target_type: 'session', target_id: session?.id, changes: '{}' },
    ]);
  });

  it('tells nothing in its token but who and which session, for how long and for what', async () => {
    const user = await service.newUser();
    const [header, claims] = user.token?.split('.').map((part) => Buffer.from(part, 'base64url').toString()) ?? [];
    const [session] = await service.rows(sql`SELECT id FROM sessions WHERE user_id = ${user.id}`);
    const issuedAt = JSON.parse(claims ?? '').iat;

    expect(JSON.parse(header ?? '')).toEqual({ alg: 'HS256', typ: 'JWT', kid: expect.stringMatching(/^[\w-]{12}$/) });
    expect(JSON.parse(claims ?? '')).toEqual({
      sub: user.id,
      sid: session?.id,
      iss: 'watchlist',
      aud: 'watchlist-api',
      iat: expect.any(Number),
      exp: issuedAt + 900,
    });
  });

  it('answers a wrong password and an unknown e-mail address alike, to the byte and in its headers', async () => {
    const { email } = await service.newUser();
    const headers = { 'X-Request-ID': 'the-same' };
    const wrong = await service.post(LOGIN, { email, password: 'a wrong password' }, { headers });
    const unknown = await service.post(LOGIN, { email: newEmail(), password: 'a wrong password' }, { headers });

    expect([wrong.status, wrong.body.code]).toEqual([401, 'invalid_credentials']);
    expect([unknown.status, unknown.text]).toEqual([wrong.status, wrong.text]);
    const withoutDate = ({ headers: all }: typeof wrong) => [...all].filter(([name]) => name !== 'date');
    expect(withoutDate(unknown)).toEqual(withoutDate(wrong));
  });

  it('leaves an entry of a failure, of nobody, that names an account only if there is one, and never the address', async () => {
    const { email, id } = await service.newUser();
    const unknownEmail = newEmail();
    const wrong = await service.post(LOGIN, { email, password: 'a wrong password' });
    const unknown = await service.post(LOGIN, { email: unknownEmail, password: 'a wrong password' });

    const entry = { action: 'user.login_failed', actor_id: null, target_type: 'user', changes: '{}' };
    expect(await auditOf(wrong.headers.get('x-request-id'))).toEqual([{ ...entry, target_id: id }]);
    expect(await auditOf(unknown.headers.get('x-request-id'))).toEqual([{ ...entry, target_id: null }]);
  });

  it('tells a disabled account so only with the right password', async () => {
    const user = await service.newUser();
    await disable(user);
    const sessions = await countOf(sql`sessions`);

    const right = await service.post(LOGIN, { email: user.email, password: PASSWORD });
    const wrong = await service.post(LOGIN, { email: user.email, password: 'a wrong password' });

    expect([right.status, right.body.code]).toEqual([403, 'account_disabled']);
    expect([wrong.status, wrong.body.code]).toEqual([401, 'invalid_credentials']);
    expect(await countOf(sql`sessions`)).toBe(sessions);
    expect(await auditOf(right.headers.get('x-request-id'))).toMatchObject([{ action: 'user.login_failed', target_id: user.id }]);
  });

  it('does not take more than 72 bytes for the 72 that bcrypt reads', async () => {
    const email = newEmail();
    await service.post(REGISTER, { email, password: 'x'.repeat(72) });

    expect((await service.post(LOGIN, { email, password: 'x'.repeat(73) })).status).toBe(401);
  });
});

describe('me', () => {
  it('is the account as it was registered', async () => {
    const email = newEmail();
    const { body } = await service.post(REGISTER, { email, password: PASSWORD });
    const answer = await (await service.logIn(email)).get(ME);

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual(body);
  });
});

describe('a token that was good a moment ago', () => {
  let user: User;

  beforeAll(async () => {
    user = await service.newUser();
    // Whatever may be remembered of the user is remembered now.
    await user.get(ME);
  });

  it('is refused on the next request once its session has ended; another session goes on', async () => {
    const other = await service.logIn(user.email);
    expect((await other.get(ME)).status).toBe(200);
    const [session] = await service.rows<{ id: string }>(sql`SELECT id FROM sessions WHERE user_id = ${user.id} ORDER BY id LIMIT 1`);

    await changeBehind(user.id, sql`UPDATE sessions SET ended_at = ${new Date().toISOString()} WHERE id = ${session?.id}`);

    expect(refusalIn(await user.get(ME))).toEqual(NOT_AUTHENTICATED);
    expect((await other.get(ME)).status).toBe(200);
  });

  it('is refused once its session is past its longest time', async () => {
    const caller = await service.logIn(user.email);
    await changeBehind(user.id, sql`UPDATE sessions SET expires_at = ${new Date(Date.now() - 1).toISOString()} WHERE user_id = ${user.id}`);

    expect(refusalIn(await caller.get(ME))).toEqual(NOT_AUTHENTICATED);
  });

  it('is refused on the next request once the account is disabled', async () => {
    const caller = await service.newUser();
    expect((await caller.get(ME)).status).toBe(200);
    await disable(caller);

    expect(refusalIn(await caller.get(ME))).toEqual(NOT_AUTHENTICATED);
  });

  it('is refused on the next request once the account is gone', async () => {
    const caller = await service.newUser();
    expect((await caller.get(ME)).status).toBe(200);
    await changeBehind(caller.id, sql`DELETE FROM users WHERE id = ${caller.id}`);

    expect(refusalIn(await caller.get(ME))).toEqual(NOT_AUTHENTICATED);
  });

  it('has the role its account has now, in both directions', async () => {
    const caller = await service.newUser();
    const users = service.resolve(UsersService);
    await users.setRole((await service.newUser()).email, 'admin', OPERATOR);
    expect((await caller.get('/v1/users')).status).toBe(403);

    await users.setRole(caller.email, 'admin', OPERATOR);
    expect((await caller.get('/v1/users')).status).toBe(200);
    await users.setRole(caller.email, 'user', OPERATOR);
    expect((await caller.get('/v1/users')).status).toBe(403);
  });
});

describe('a token', () => {
  let user: User;
  let secret: string;
  let sessionId: string;

  beforeAll(async () => {
    user = await service.newUser();
    secret = service.resolve(Config).jwtSecret;
    sessionId = (await service.rows<{ id: string }>(sql`SELECT id FROM sessions WHERE user_id = ${user.id}`))[0]?.id ?? '';
  });

  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const now = (): number => Math.floor(Date.now() / 1_000);

  interface Forgery {
    readonly header?: object;
    readonly claims?: object;
    /** As node:crypto names it; nothing for no signature. */
    readonly hash?: string;
    readonly key?: string;
  }

  /** A token that is good but for what is said. */
  function forge({ header = {}, claims = {}, hash = 'sha256', key = secret }: Forgery): string {
    const good = { sub: user.id, sid: sessionId, iss: 'watchlist', aud: 'watchlist-api', iat: now(), exp: now() + 900 };
    const content = `${encode({ alg: 'HS256', typ: 'JWT', ...header })}.${encode({ ...good, ...claims })}`;
    return `${content}.${hash && createHmac(hash, key).update(content).digest('base64url')}`;
  }

  const meWith = (authorization: string) => service.get(ME, { headers: { Authorization: authorization } });

  it('made by hand is as good as one of ours, so each of the next is refused for what it says', async () => {
    expect((await meWith(`Bearer ${forge({})}`)).status).toBe(200);
  });

  it.each<[string, () => Forgery]>([
    ['has expired', () => ({ claims: { exp: now() - 1 } })],
    ['never expires', () => ({ claims: { exp: undefined } })],
    ['expires as a text', () => ({ claims: { exp: '9999999999' } })],
    ['is not good yet', () => ({ claims: { nbf: now() + 60 } })],
    ['is signed with another secret', () => ({ key: 'x'.repeat(43) })],
    ['is signed with an empty secret', () => ({ key: '' })],
    ['has no signature', () => ({ hash: '' })],
    ['says that it needs no signature', () => ({ header: { alg: 'none' }, hash: '' })],
    ['says that it needs none and has one', () => ({ header: { alg: 'none' } })],
    ['says so in capitals', () => ({ header: { alg: 'NONE' }, hash: '' })],
    ['is signed by another method with our secret', () => ({ header: { alg: 'HS512' }, hash: 'sha512' })],
    ['names a method other than its own', () => ({ header: { alg: 'HS384' } })],
    ['names a method for public keys', () => ({ header: { alg: 'RS256' } })],
    ['names no method', () => ({ header: { alg: undefined } })],
    [
      'brings its own key',
      () => ({ header: { jwk: { kty: 'oct', k: Buffer.from('x'.repeat(43)).toString('base64url') } }, key: 'x'.repeat(43) }),
    ],
    ['brings a certificate of its own', () => ({ header: { x5c: [Buffer.from('x'.repeat(43)).toString('base64')] }, key: 'x'.repeat(43) })],
    ['tells where its key is', () => ({ header: { jku: 'https://example.org/keys.json' }, key: 'x'.repeat(43) })],
    ['is from another issuer', () => ({ claims: { iss: 'somebody' } })],
    ['names no issuer', () => ({ claims: { iss: undefined } })],
    ['is for another service', () => ({ claims: { aud: 'another-api' } })],
    ['names no service', () => ({ claims: { aud: undefined } })],
    ['names no account', () => ({ claims: { sub: undefined } })],
    ['names an account that is not there', () => ({ claims: { sub: '01980000-0000-7000-8000-000000000000' } })],
    ['names no session', () => ({ claims: { sid: undefined } })],
    ['names a session that is not there', () => ({ claims: { sid: '01980000-0000-7000-8000-000000000000' } })],
    ['names something other than a session', () => ({ claims: { sid: { $ne: null } } })],
    ['names a session with NUL', () => ({ claims: { sid: `${sessionId}\0` } })],
  ])('is refused that %s', async (_, forgery) => {
    const answer = await meWith(`Bearer ${forge(forgery())}`);

    expect(refusalIn(answer)).toEqual(NOT_AUTHENTICATED);
  });

  it('is refused when it pairs an account with the session of another', async () => {
    const other = await service.newUser();
    const [session] = await service.rows<{ id: string }>(sql`SELECT id FROM sessions WHERE user_id = ${other.id}`);
    expect((await other.get(ME)).status).toBe(200);

    expect((await meWith(`Bearer ${forge({ claims: { sid: session?.id } })}`)).status).toBe(401);
  });

  it.each([
    ['nothing', () => ''],
    ['the scheme alone', () => 'Bearer'],
    ['garbage', () => 'Bearer garbage'],
    ['three dots', () => 'Bearer ...'],
    ['a text of 8,000 characters', () => `Bearer ${'a'.repeat(8_000)}`],
    ['another scheme', () => `Basic ${Buffer.from(`${user.email}:${PASSWORD}`).toString('base64')}`],
    ['a token without its scheme', () => user.token ?? ''],
    ['a token and more behind it', () => `Bearer ${user.token}x`],
    ['a refresh token', () => `Bearer ${user.refreshToken}`],
  ])('is refused as %s', async (_, authorization) => {
    const answer = await meWith(authorization());

    expect(refusalIn(answer)).toEqual(NOT_AUTHENTICATED);
  });

  it('counts only in its header, never in a URL, where logs and histories would keep it', async () => {
    expect((await service.get(`${ME}?access_token=${user.token}`)).status).toBe(401);
  });

  it('may come under its scheme in any case (RFC 9110 section 11.1)', async () => {
    expect((await meWith(`bearer ${user.token}`)).status).toBe(200);
  });
});

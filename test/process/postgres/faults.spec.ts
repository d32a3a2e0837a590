import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { User } from '../../support/accounts.js';
import { BuiltService } from '../../support/built-service.js';
import type { Answer } from '../../support/http.js';
import { createSurroundings, type Surroundings } from '../../support/leg.js';
import { Proxy } from '../../support/proxy.js';
import { eventually } from '../../support/eventually.js';
import { timed } from '../../support/timing.js';

const LIST = '/v1/watchlists';
const ITEMS = '/v1/watchlists/items';
const LONGEST_ANSWER_MS = 4_000;
const LONGEST_RECOVERY_MS = 5_000;

describe('the service when PostgreSQL fails', () => {
  let surroundings: Surroundings;
  let proxy: Proxy;
  let service: BuiltService;
  let user: User;

  beforeAll(async () => {
    surroundings = await createSurroundings(legs.find(({ name }) => name === 'postgres') ?? { name: 'none' });
    const url = surroundings.environment.DATABASE_URL ?? '';
    proxy = await Proxy.start(url);
    service = await BuiltService.start({ ...surroundings.environment, DATABASE_URL: proxy.url, RATE_LIMIT: 'off' });
    user = await service.newUser();
  });
  afterAll(async () => {
    await BuiltService.endAll();
    await proxy.refuse();
    await surroundings.remove();
  });
  afterEach(() => proxy.restore());

  /** Reads, writes, the actor's own lookup, a login: everything that needs the database. */
  const everything = (): Promise<Answer>[] => [
    user.get(LIST),
    user.get(`${ITEMS}/01935b6f-0000-7000-8000-000000000000`),
    user.post(ITEMS, { title: crypto.randomUUID(), media_type: 'movie' }),
    user.get('/v1/auth/me'),
    service.post('/v1/auth/login', { email: user.email, password: 'correct horse battery' }),
    service.post('/v1/auth/register', { email: `${crypto.randomUUID()}@example.org`, password: 'correct horse battery' }),
  ];

  /** Every answer is a 503 of the contract, in time. */
  async function expectUnavailable(): Promise<void> {
    const answers = await Promise.all(everything().map((answer) => timed(answer)));
    for (const { result, ms } of answers) {
      expect(result).toMatchObject({ status: 503, body: { code: 'unavailable', request_id: expect.any(String) } });
      expect(Number(result.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(ms).toBeLessThan(LONGEST_ANSWER_MS);
    }
  }

  async function expectRecovery(): Promise<void> {
    const { ms } = await timed(
      eventually(async () => {
        const answers = await Promise.all(everything());
        expect(answers.map(({ status }) => status)).toEqual([200, 404, 201, 200, 200, 201]);
      }),
    );
    expect(ms).toBeLessThan(LONGEST_RECOVERY_MS);
    expect((await service.get('/health/detailed')).body.status).toBe('ok');
  }

  it('refused: 503 with Retry-After at once, live but not ready, and it recovers by itself', async () => {
    await proxy.refuse();
    await expectUnavailable();
    expect((await service.get('/health')).status).toBe(200);
    expect(await service.get('/health/detailed')).toMatchObject({
      status: 503,
      body: { status: 'down', checks: { database: { status: 'down', engine: 'postgres' } } },
    });

    await proxy.restore();
    await expectRecovery();
  });

  it('black-holed: 503 within four seconds, again and again, and it recovers by itself', async () => {
    await Promise.all(everything());
    proxy.blackHole();
    await expectUnavailable();
    await expectUnavailable();
    const { result, ms } = await timed(service.get('/health/detailed'));
    expect(result.status).toBe(503);
    expect(ms).toBeLessThan(LONGEST_ANSWER_MS);

    await proxy.restore();
    await expectRecovery();
  });

  it('black-holed and back: one request has waited, and none of the connections that lead nowhere is used again', async () => {
    await Promise.all([...everything(), ...everything()]);
    proxy.blackHole();
    expect((await user.get(LIST)).status).toBe(503);
    await proxy.restore();

    for (let request = 0; request < 20; request++) expect((await user.get(LIST)).status).toBe(200);
  });

  it.each(['reset', 'cut'] as const)('connections %s in flight: 503 or the answer, never anything else', async (fault) => {
    for (let round = 0; round < 5; round++) {
      const answers = Promise.all([...everything(), ...everything()]);
      proxy[fault]();
      for (const { status } of await answers) expect([200, 201, 404, 503]).toContain(status);
    }
    await expectRecovery();
  });

  it('a statement that waits for a lock for ever: 503 in time, and the connection stays good', async () => {
    const blocker = await surroundings.connect();
    await blocker.query('BEGIN; LOCK TABLE watchlist_items IN ACCESS EXCLUSIVE MODE');
    const { result, ms } = await timed(user.get(`${LIST}?limit=7`));
    expect(result).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    expect(ms).toBeLessThan(LONGEST_ANSWER_MS);
    await blocker.end();

    expect((await user.get(`${LIST}?limit=7`)).status).toBe(200);
  });

  it('the server ends every connection, as in a restart: the process lives and answers', async () => {
    await Promise.all(everything());
    const administrator = await surroundings.connect();
    await administrator.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    await administrator.end();

    await expectRecovery();
    expect(service.logLines().some(({ msg }) => /A pooled connection failed/.test(msg))).toBe(true);
  });
});

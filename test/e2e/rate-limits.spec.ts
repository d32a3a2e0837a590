import { createServer, type Server } from 'node:net';
import { createClient } from '@keyv/redis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { RateLimits } from '../../src/http/rate-limits.js';
import { type Answer, Client } from '../support/http.js';
import { PASSWORD, Service } from '../support/service.js';

const ON = { RATE_LIMIT: 'on', TRUST_PROXY: '127.0.0.1,::1' };
const LOGIN = '/v1/auth/login';
const REGISTER = '/v1/auth/register';
const ME = '/v1/auth/me';
const LIST = '/v1/watchlists';
const WRONG = 'a wrong password';

let service: Service;

/** Each test has counters of its own. */
async function startAnew(): Promise<void> {
  service = await Service.start(ON);
}

let lastHost = 0;
/** An address that nobody used before. */
const newAddress = (): string => `198.51.${Math.floor(++lastHost / 250)}.${(lastHost % 250) + 1}`;
const from = (address: string) => ({ headers: { 'X-Forwarded-For': address } });

const login = (email: string, password: string, address: string, on: Client = service): Promise<Answer> =>
  on.post(LOGIN, { email, password }, from(address));
const codeOf = ({ status, body }: Answer): string => `${status} ${body?.code ?? ''}`.trim();
const times = <T>(count: number, work: () => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: count }, work));

async function newAccount(): Promise<string> {
  const email = `${crypto.randomUUID()}@example.org`;
  expect((await service.post(REGISTER, { email, password: PASSWORD }, from(newAddress()))).status).toBe(201);
  return email;
}

async function inTurn(count: number, work: () => Promise<Answer>): Promise<string[]> {
  const codes = [];
  for (let turn = 0; turn < count; turn++) codes.push(codeOf(await work()));
  return codes;
}

describe('logging in', () => {
  beforeAll(startAnew);
  afterAll(() => service.stop());

  it('is slowed down after five wrong passwords, and tells for how long', async () => {
    const [email, address] = [await newAccount(), newAddress()];
    expect(await inTurn(5, () => login(email, WRONG, address))).toEqual(Array(5).fill('401 invalid_credentials'));

    const refused = await login(email, PASSWORD, address);

    expect(codeOf(refused)).toBe('429 rate_limited');
    const wait = Number(refused.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(15);
    expect(refused.headers.get('ratelimit')).toBe(`"login";r=0;t=${wait}`);
    expect(refused.headers.get('ratelimit-policy')).toBe('"login";q=5;w=3600');
    expect(refused.body).toEqual({ code: 'rate_limited', message: expect.any(String), request_id: refused.headers.get('x-request-id') });
  });

  it('lets the owner in from another address, whatever a stranger did', async () => {
    const [email, stranger] = [await newAccount(), newAddress()];
    await inTurn(10, () => login(email, WRONG, stranger));

    expect(codeOf(await login(email, PASSWORD, newAddress()))).toBe('200');
    expect(codeOf(await login(email, PASSWORD, stranger))).toBe('429 rate_limited');
  });

  it('lets five of twenty wrong passwords at once be tried, no more', async () => {
    const [email, address] = [await newAccount(), newAddress()];
    const codes = (await times(20, () => login(email, WRONG, address))).map(codeOf);

    expect(codes.filter((code) => code === '401 invalid_credentials')).toHaveLength(5);
    expect(codes.filter((code) => code === '429 rate_limited')).toHaveLength(15);
  });

  it('treats an address nobody registered in the same way', async () => {
    const [email, address] = [`${crypto.randomUUID()}@example.org`, newAddress()];
    const codes = await inTurn(7, () => login(email, WRONG, address));

    expect(codes).toEqual([...Array<string>(5).fill('401 invalid_credentials'), '429 rate_limited', '429 rate_limited']);
  });

  it('counts all spellings of an e-mail address together', async () => {
    const [email, address] = [await newAccount(), newAddress()];
    let turn = 0;
    await inTurn(5, () => login(turn++ % 2 ? email.toUpperCase() : ` ${email}`, WRONG, address));

    expect(codeOf(await login(email, PASSWORD, address))).toBe('429 rate_limited');
  });

  it('with the right password clears the wrong ones before, and is never slowed down itself', async () => {
    const [email, address] = [await newAccount(), newAddress()];
    for (let round = 0; round < 3; round++) {
      await inTurn(4, () => login(email, WRONG, address));
      expect(codeOf(await login(email, PASSWORD, address))).toBe('200');
    }
    expect(await inTurn(35, () => login(email, PASSWORD, address))).toEqual(Array(35).fill('200'));
  });

  it('under an attack from many addresses leaves one try to an address that has not failed, and the right password gets in', async () => {
    const email = await newAccount();
    const once = newAddress();
    expect(codeOf(await login(email, WRONG, once))).toBe('401 invalid_credentials');
    await times(35, () => login(email, WRONG, newAddress()));

    const owner = newAddress();
    expect(await inTurn(2, () => login(email, PASSWORD, owner))).toEqual(['200', '200']);
    const guesser = newAddress();
    expect(await inTurn(2, () => login(email, WRONG, guesser))).toEqual(['401 invalid_credentials', '429 rate_limited']);
  });

  it('is slowed down for an address that tries many accounts', async () => {
    const address = newAddress();
    const codes = await inTurn(31, () => login(`${crypto.randomUUID()}@example.org`, WRONG, address));

    expect(codes).toEqual([...Array<string>(30).fill('401 invalid_credentials'), '429 rate_limited']);
    expect(codeOf(await login(await newAccount(), PASSWORD, newAddress()))).toBe('200');
  });

  it('counts a /64 of IPv6 as one address, and the next one for itself', async () => {
    const email = await newAccount();
    let host = 0;
    await inTurn(5, () => login(email, WRONG, `2001:db8:7:7::${(++host).toString(16)}`));

    expect(codeOf(await login(email, PASSWORD, '2001:db8:7:7:ffff::1'))).toBe('429 rate_limited');
    expect(codeOf(await login(email, PASSWORD, '2001:db8:7:8::1'))).toBe('200');
  });

  it('cannot be had faster by a header that nobody trusted has set', async () => {
    const distrustful = await Service.startOn(service.surroundings, { ...ON, TRUST_PROXY: 'false' });
    try {
      const email = await newAccount();
      const codes = await inTurn(6, () => login(email, WRONG, newAddress(), distrustful));
      expect(codes.at(-1)).toBe('429 rate_limited');
    } finally {
      await distrustful.halt();
    }
  });

  it('counts on all replicas together where they share a Redis', async () => {
    const second = await Service.startOn(service.surroundings, ON);
    try {
      const codes = [];
      // More than once, because a Redis on a busy machine may be taken for one that is away.
      for (let round = 0; round < 5; round++) {
        const [email, address] = [await newAccount(), newAddress()];
        await inTurn(5, () => login(email, WRONG, address));
        codes.push(codeOf(await login(email, PASSWORD, address, second)));
      }
      expect(codes.includes('429 rate_limited')).toBe(leg.redisUrl !== undefined);
    } finally {
      await second.halt();
    }
  });

  it('leaves no e-mail address in Redis', async () => {
    const email = await newAccount();
    await login(email, WRONG, newAddress());

    const keys = leg.redisUrl === undefined ? [] : await keysIn(leg.redisUrl, `${service.surroundings.environment.REDIS_PREFIX}:*`);
    expect(keys.length > 0).toBe(leg.redisUrl !== undefined);
    expect(keys.join(' ')).not.toContain('@');
  });

  it.each([
    ['changing', 'POST', '/v1/auth/password', { current_password: WRONG, new_password: 'another good password' }],
    ['deleting the account with', 'DELETE', ME, { password: WRONG }],
  ])('and %s a password are guessed at together', async (_, method, path, body) => {
    const [email, address] = [await newAccount(), newAddress()];
    const { access_token: token } = (await login(email, PASSWORD, address)).body;
    const guess = (): Promise<Answer> => service.request(method, path, { token, body, ...from(address) });

    expect(await inTurn(6, guess)).toEqual([...Array<string>(5).fill('401 invalid_credentials'), '429 rate_limited']);
    expect(codeOf(await login(email, PASSWORD, address))).toBe('429 rate_limited');
  });
});

describe('registering', () => {
  beforeAll(startAnew);
  afterAll(() => service.stop());

  it('is slowed down for an address that opens many accounts', async () => {
    const address = newAddress();
    const register = (at: string): Promise<Answer> =>
      service.post(REGISTER, { email: `${crypto.randomUUID()}@example.org`, password: PASSWORD }, from(at));

    const codes = await inTurn(21, () => register(address));

    expect(codes).toEqual([...Array<string>(20).fill('201'), '429 rate_limited']);
    expect(codeOf(await register(newAddress()))).toBe('201');
  });

  it('is slowed down for an e-mail address that is tried again and again', async () => {
    const email = await newAccount();
    const register = (): Promise<Answer> => service.post(REGISTER, { email, password: PASSWORD }, from(newAddress()));

    expect(await inTurn(5, register)).toEqual([...Array<string>(4).fill('409 email_taken'), '429 rate_limited']);
    expect(codeOf(await login(email, PASSWORD, newAddress()))).toBe('200');
  });

  it('does not count what is refused as it stands', async () => {
    const address = newAddress();
    await inTurn(25, () => service.post(REGISTER, { email: 'x', password: PASSWORD }, from(address)));
    await inTurn(25, () => service.post(REGISTER, { email: `${crypto.randomUUID()}@example.org`, password: 'short' }, from(address)));

    const answer = await service.post(REGISTER, { email: `${crypto.randomUUID()}@example.org`, password: PASSWORD }, from(address));
    expect(codeOf(answer)).toBe('201');
  });
});

describe('every other request', () => {
  beforeEach(startAnew);
  afterEach(() => service.stop());

  const standing = ({ headers }: Answer) => [headers.get('ratelimit-policy'), headers.get('ratelimit')];

  async function newToken(): Promise<string> {
    return (await login(await newAccount(), PASSWORD, newAddress())).body.access_token;
  }

  it('is counted for its user, from wherever it comes, and told so', async () => {
    const [token, other] = [await newToken(), await newToken()];
    const ask = (bearer: string): Promise<Answer> => service.get(ME, { token: bearer, ...from(newAddress()) });

    expect(standing(await ask(token))).toEqual(['"user";q=3000;w=60', '"user";r=2999;t=60']);
    await service.get('/v1/users', { token });
    await service.get('/v1/watchlists/items/x', { token });
    // The second one comes from the cache, where there is one.
    await service.get(LIST, { token });
    expect(standing(await service.get(LIST, { token }))[1]).toMatch(/^"user";r=2995;t=\d+$/);
    expect(standing(await ask(token))[1]).toMatch(/^"user";r=2994;t=\d+$/);
    expect(standing(await ask(other))[1]).toMatch(/^"user";r=2999;t=\d+$/);
  });

  it('is refused when a user makes too many, while others are answered', async () => {
    const [token, other] = [await newToken(), await newToken()];
    const client = new Client(service.url, token);
    const { id } = (await client.get(ME)).body;
    await client.get(LIST);
    await times(2_997, () => service.resolve(RateLimits).countUser(id));

    expect((await client.get(ME)).headers.get('ratelimit')).toMatch(/^"user";r=0;t=\d+$/);
    const refused = await client.get(ME);
    expect(codeOf(refused)).toBe('429 rate_limited');
    expect(standing(refused)).toEqual(['"user";q=3000;w=60', `"user";r=0;t=${refused.headers.get('retry-after')}`]);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(codeOf(await client.get(LIST))).toBe('429 rate_limited');
    expect((await new Client(service.url, other).get(ME)).status).toBe(200);
  });

  it('without a user is counted for its address, whether it is public or failed to be let in', async () => {
    const address = newAddress();
    expect(standing(await service.get(ME, from(address)))).toEqual(['"address";q=600;w=60', '"address";r=599;t=60']);
    expect(codeOf(await service.get(ME, { token: 'wl_x', ...from(address) }))).toBe('401 not_authenticated');
    const refreshed = await service.post('/v1/auth/refresh', { refresh_token: 'x' }, from(address));
    expect(standing(refreshed)[1]).toMatch(/^"address";r=597;t=\d+$/);

    await times(597, () => service.resolve(RateLimits).countAddress(address));

    for (const token of [undefined, 'x.y.z', 'wl_x']) {
      const refused = await service.get(ME, { token, ...from(address) });
      expect(codeOf(refused)).toBe('429 rate_limited');
      expect(refused.headers.get('ratelimit')).toMatch(/^"address";r=0;t=\d+$/);
    }
    expect(codeOf(await login('nobody@example.org', WRONG, address))).toBe('429 rate_limited');
    expect((await service.get(ME, { token: await newToken(), ...from(address) })).status).toBe(200);
    for (const path of ['/health', '/health/detailed']) {
      const answer = await service.get(path, from(address));
      expect([answer.status, ...standing(answer)]).toEqual([200, null, null]);
    }
  });
});

describe('RATE_LIMIT=off', () => {
  it('counts nothing', async () => {
    service = await Service.start({ ...ON, RATE_LIMIT: 'off' });
    try {
      const [email, address] = [await newAccount(), newAddress()];
      expect(await inTurn(10, () => login(email, WRONG, address))).toEqual(Array(10).fill('401 invalid_credentials'));
      const answer = await login(email, PASSWORD, address);
      expect([answer.status, answer.headers.get('ratelimit')]).toEqual([200, null]);
    } finally {
      await service.stop();
    }
  });
});

describe('a Redis that is away', () => {
  let silent: Server;
  let silentPort: number;

  beforeAll(async () => {
    // Takes connections and never says a word.
    silent = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    silentPort = (silent.address() as { port: number }).port;
  });
  afterAll(() => void silent.close());

  it.each([
    ['refuses connections', () => 1],
    ['takes them and is silent', () => silentPort],
  ])('and %s ends no limit and holds nobody up', async (_, port) => {
    service = await Service.start({ ...ON, REDIS_URL: `redis://127.0.0.1:${port()}` });
    try {
      const [email, address] = [await newAccount(), newAddress()];
      const start = performance.now();
      expect(await inTurn(6, () => login(email, WRONG, address))).toEqual([
        ...Array<string>(5).fill('401 invalid_credentials'),
        '429 rate_limited',
      ]);
      expect(performance.now() - start).toBeLessThan(10_000);
      expect(codeOf(await login(email, PASSWORD, newAddress()))).toBe('200');
    } finally {
      await service.stop();
    }
  });
});

async function keysIn(redisUrl: string, pattern: string): Promise<string[]> {
  const client = createClient({ url: redisUrl });
  await client.connect();
  const found: string[] = [];
  for await (const keys of client.scanIterator({ MATCH: pattern, COUNT: 1_000 })) found.push(...keys);
  await client.close();
  return found;
}

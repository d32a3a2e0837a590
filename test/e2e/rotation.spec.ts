import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sql from 'sql-template-tag';
import { type Answer, Client } from '../support/http.js';
import { film, idempotent, ITEMS } from '../support/items.js';
import { createSurroundings, type Surroundings } from '../support/leg.js';
import { PASSWORD, Service, type User } from '../support/service.js';

const ME = '/v1/auth/me';
const REFRESH = '/v1/auth/refresh';
const LOGIN = '/v1/auth/login';
const FIRST = 'the first secret, of more than 32 bytes';
const SECOND = 'the second secret, of more than 32 bytes';

let surroundings: Surroundings;

beforeAll(async () => {
  surroundings = await createSurroundings(leg);
});
afterAll(() => surroundings.remove());

async function running<T>(environment: Record<string, string>, work: (service: Service) => Promise<T>): Promise<T> {
  const service = await Service.startOn(surroundings, environment);
  try {
    return await work(service);
  } finally {
    await service.halt();
  }
}

const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function signed(header: object, claims: object, secret: string, hash = 'sha256'): string {
  const content = `${base64(header)}.${base64(claims)}`;
  return `${content}.${createHmac(hash, secret).update(content).digest('base64url')}`;
}

const partsOf = (token = '') =>
  token
    .split('.')
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()));
const isSignedWith = (token: string, secret: string): boolean => {
  const content = token.split('.').slice(0, 2).join('.');
  return token === `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`;
};
const refresh = (service: Service, user: User): Promise<Answer> => service.post(REFRESH, { refresh_token: user.refreshToken });
const statusOfMe = async (service: Service, token: string | undefined): Promise<number> =>
  (await new Client(service.url, token).get(ME)).status;

describe('rotating the signing secret', () => {
  it('still knows which requests were carried out before', async () => {
    const [body, key] = [film(), idempotent('before the rotation')];
    const [user, first] = await running({ JWT_SECRET: FIRST }, async (service) => {
      const someone = await service.newUser();
      return [someone, await someone.post(ITEMS, body, key)] as const;
    });

    await running({ JWT_SECRET: SECOND, JWT_SECRET_PREVIOUS: FIRST }, async (service) => {
      const again = await user.at(service.url).post(ITEMS, body, key);
      expect([again.status, again.headers.get('idempotency-replayed'), again.text]).toEqual([201, 'true', first.text]);
      expect((await user.at(service.url).post(ITEMS, film(), key)).status).toBe(422);
    });
  });

  it('logs nobody out, signs everything new with the new secret, and ends what the old one signed when that is dropped', async () => {
    const [user, other] = await running({ JWT_SECRET: FIRST }, async (service) => [await service.newUser(), await service.newUser()]);

    const renewed = await running({ JWT_SECRET: SECOND, JWT_SECRET_PREVIOUS: FIRST }, async (service) => {
      expect(await statusOfMe(service, user.token)).toBe(200);
      const answer = await refresh(service, user);
      expect(answer.status).toBe(200);
      expect(isSignedWith(answer.body.access_token, SECOND)).toBe(true);
      expect(partsOf(answer.body.access_token)[0].kid).not.toBe(partsOf(user.token)[0].kid);
      expect(await statusOfMe(service, answer.body.access_token)).toBe(200);
      return answer.body;
    });

    await running({ JWT_SECRET: SECOND }, async (service) => {
      expect(await statusOfMe(service, user.token)).toBe(401);
      expect((await refresh(service, other)).body.code).toBe('invalid_refresh_token');
      expect(await statusOfMe(service, renewed.access_token)).toBe(200);
      expect((await service.post(REFRESH, { refresh_token: renewed.refresh_token })).status).toBe(200);
    });
  });

  it('needs a previous secret that is as long as any', async () => {
    await expect(Service.startOn(surroundings, { JWT_SECRET: SECOND, JWT_SECRET_PREVIOUS: 'short' })).rejects.toThrow(
      'JWT_SECRET_PREVIOUS must be at least 32 bytes long',
    );
  });

  it('shows nothing of a secret in the name of its key', async () => {
    const { token } = await running({ JWT_SECRET: FIRST }, (service) => service.newUser());

    expect(partsOf(token)[0]).toEqual({ alg: 'HS256', typ: 'JWT', kid: expect.stringMatching(/^[A-Za-z0-9_-]{12}$/) });
  });
});

describe('an access token', () => {
  it('that anybody altered or forged is refused', async () => {
    await running({ JWT_SECRET: SECOND, JWT_SECRET_PREVIOUS: FIRST }, async (service) => {
      const user = await service.newUser();
      const other = await service.newUser();
      const [header, claims] = partsOf(user.token);
      const signature = user.token?.split('.')[2];
      const { exp, aud, iss, sub, sid, ...rest } = claims;
      const publicKey = { kty: 'oct', k: Buffer.from(FIRST).toString('base64url') };

      expect(await statusOfMe(service, signed(header, claims, SECOND))).toBe(200);
      for (const [what, token] of [
        ['no algorithm', `${base64({ ...header, alg: 'none' })}.${base64(claims)}.`],
        ['no algorithm, in capitals', `${base64({ ...header, alg: 'NONE' })}.${base64(claims)}.${signature}`],
        ['no algorithm and no key', `${base64({ alg: 'none', typ: 'JWT' })}.${base64(claims)}.`],
        ['another algorithm of the kind', signed({ ...header, alg: 'HS512' }, claims, SECOND, 'sha512')],
        ['an algorithm of another kind', signed({ ...header, alg: 'RS256' }, claims, SECOND)],
        ['the secret of somebody else', signed(header, claims, 'x'.repeat(40))],
        ['an empty secret', signed(header, claims, '')],
        ['the key of the previous secret under the new one’s name', signed(header, claims, FIRST)],
        ['the name of a key that is none', signed({ ...header, kid: 'none' }, claims, SECOND)],
        ['a path for the name of its key', signed({ ...header, kid: '../../../../dev/null' }, claims, '')],
        ['a list for the name of its key', signed({ ...header, kid: [header.kid] }, claims, SECOND)],
        ['null for the name of its key', signed({ ...header, kid: null }, claims, SECOND)],
        ['a key of its own', signed({ ...header, kid: 'own', jwk: publicKey }, claims, FIRST)],
        ['an address of a key', signed({ ...header, kid: 'own', jku: 'http://127.0.0.1/keys' }, claims, FIRST)],
        ['the claims of somebody else', `${base64(header)}.${base64({ ...claims, sub: other.id })}.${signature}`],
        ['the session of somebody else', signed(header, { ...claims, sub: other.id }, SECOND)],
        ['no end', signed(header, { ...rest, aud, iss, sub, sid }, SECOND)],
        ['an end that is past', signed(header, { ...claims, exp: Math.floor(Date.now() / 1_000) - 1 }, SECOND)],
        ['an end that is no number', signed(header, { ...claims, exp: '9999999999' }, SECOND)],
        ['a start that is to come', signed(header, { ...claims, nbf: exp + 60 }, SECOND)],
        ['no audience', signed(header, { ...rest, exp, iss, sub, sid }, SECOND)],
        ['another audience', signed(header, { ...claims, aud: 'somebody-else' }, SECOND)],
        ['no issuer', signed(header, { ...rest, exp, aud, sub, sid }, SECOND)],
        ['another issuer', signed(header, { ...claims, iss: 'somebody-else' }, SECOND)],
        ['nobody', signed(header, { ...rest, exp, aud, iss, sid }, SECOND)],
        ['no session', signed(header, { ...rest, exp, aud, iss, sub }, SECOND)],
        ['a session that is an object', signed(header, { ...claims, sid: { id: sid } }, SECOND)],
        ['claims that are no object', signed(header, [claims], SECOND)],
        ['no signature', `${base64(header)}.${base64(claims)}.`],
        ['a cut signature', user.token?.slice(0, -2)],
        ['a header that is no JSON', `${Buffer.from('{').toString('base64url')}.${base64(claims)}.${signature}`],
        ['a header that is null', `${base64(null)}.${base64(claims)}.${signature}`],
        ['claims that are no JSON', `${base64(header)}.${Buffer.from('{').toString('base64url')}.${signature}`],
        ['one part', 'x'],
        ['two parts', 'x.y'],
        ['four parts', `${user.token}.x`],
      ] as const) {
        const { status, body, headers } = await new Client(service.url, token).get(ME);
        expect([what, status, body.code, headers.get('www-authenticate')]).toEqual([what, 401, 'not_authenticated', 'Bearer']);
      }
    });
  });

  it('is taken in no other place and no other form', async () => {
    await running({ JWT_SECRET: SECOND }, async (service) => {
      const { token } = await service.newUser();
      for (const authorization of [`Basic ${token}`, `Bearer${token}`, `Bearer`, `Bearer ${token} x`, `${token}`, `Token ${token}`]) {
        expect((await service.get(ME, { headers: { Authorization: authorization } })).status).toBe(401);
      }
      expect((await service.get(`${ME}?access_token=${token}`)).status).toBe(401);
      expect((await service.get(ME, { headers: { Cookie: `access_token=${token}; token=${token}` } })).status).toBe(401);
      expect((await service.get(ME, { headers: { Authorization: `bearer ${token}` } })).status).toBe(200);
    });
  });
});

describe('raising the cost of hashing', () => {
  const hashOf = async (service: Service, email: string): Promise<unknown> =>
    (await service.rows(sql`SELECT password_hash FROM users WHERE email = ${email}`))[0]?.password_hash;

  it('hashes a password anew when it is next used, and only then', async () => {
    const { email } = await running({ BCRYPT_COST: '4' }, (service) => service.newUser());

    await running({ BCRYPT_COST: '5' }, async (service) => {
      await service.post(LOGIN, { email, password: 'a wrong password' });
      expect(await hashOf(service, email)).toMatch(/^\$2b\$04\$/);

      const logins = await Promise.all(Array.from({ length: 4 }, () => service.post(LOGIN, { email, password: PASSWORD })));
      expect(logins.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
      expect(await hashOf(service, email)).toMatch(/^\$2b\$05\$/);
      expect((await service.post(LOGIN, { email, password: PASSWORD })).status).toBe(200);
      expect((await service.post(LOGIN, { email, password: 'a wrong password' })).status).toBe(401);
    });

    await running({ BCRYPT_COST: '4' }, async (service) => {
      expect((await service.post(LOGIN, { email, password: PASSWORD })).status).toBe(200);
      expect(await hashOf(service, email)).toMatch(/^\$2b\$05\$/);
    });
  });

  it('does not let the time of an answer tell who has an account with an old hash', async () => {
    const { email } = await running({ BCRYPT_COST: '4' }, (service) => service.newUser());

    await running({ BCRYPT_COST: '9' }, async (service) => {
      const time = async (address: string): Promise<number> => {
        const start = performance.now();
        expect((await service.post(LOGIN, { email: address, password: 'a wrong password' })).status).toBe(401);
        return performance.now() - start;
      };
      const [known, unknown]: [number[], number[]] = [[], []];
      for (let round = 0; round < 7; round++) {
        known.push(await time(email));
        unknown.push(await time('nobody@example.org'));
      }
      const median = (times: number[]): number => times.toSorted((a, b) => a - b)[3] ?? 0;
      expect(median(known) / median(unknown)).toBeGreaterThan(0.5);
      expect(median(known) / median(unknown)).toBeLessThan(2);
    });
  });
});

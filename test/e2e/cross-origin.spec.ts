// Which web pages of other origins may call the API: none, or those the operator names.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Answer } from '../support/http.js';
import { LIST } from '../support/items.js';
import { Service } from '../support/service.js';

const APP = 'https://app.example.org';
const PREFLIGHT = { 'Access-Control-Request-Method': 'PATCH', 'Access-Control-Request-Headers': 'authorization, if-match' };

const allowedOrigin = ({ headers }: Answer): string | null => headers.get('access-control-allow-origin');

describe('without CORS_ORIGINS', () => {
  let service: Service;

  beforeAll(async () => {
    service = await Service.start();
  });
  afterAll(() => service.stop());

  it('no page of another origin is let in', async () => {
    const answer = await (await service.newUser()).get(LIST, { headers: { Origin: APP } });

    expect([answer.status, allowedOrigin(answer)]).toEqual([200, null]);
  });

  it('OPTIONS is a method like any other that a path does not know', async () => {
    const answer = await service.request('OPTIONS', LIST, { headers: { Origin: APP, ...PREFLIGHT } });

    expect([answer.status, answer.headers.get('allow'), allowedOrigin(answer)]).toEqual([405, 'GET, HEAD', null]);
  });
});

describe('with CORS_ORIGINS', () => {
  let service: Service;

  beforeAll(async () => {
    service = await Service.start({ CORS_ORIGINS: `${APP}, http://localhost:5173` });
  });
  afterAll(() => service.stop());

  it.each([APP, 'http://localhost:5173'])('a page of %s may read answers, errors too, and what their headers say', async (origin) => {
    const user = await service.newUser();
    for (const answer of [
      await user.get(LIST, { headers: { Origin: origin } }),
      await service.get(LIST, { headers: { Origin: origin } }),
    ]) {
      expect(allowedOrigin(answer)).toBe(origin);
      expect(answer.headers.get('access-control-expose-headers')).toContain('X-Request-ID');
      expect(answer.headers.get('access-control-expose-headers')).toContain('ETag');
      expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
      expect(answer.headers.get('vary')).toMatch(/\bOrigin$/);
    }
  });

  it('a browser that asks first is told what it may send', async () => {
    const answer = await service.request('OPTIONS', `${LIST}/items/x`, { headers: { Origin: APP, ...PREFLIGHT } });

    expect([answer.status, answer.text, allowedOrigin(answer)]).toEqual([204, '', APP]);
    expect(answer.headers.get('access-control-allow-methods')).toContain('PATCH');
    for (const header of ['Authorization', 'If-Match', 'Idempotency-Key'])
      expect(answer.headers.get('access-control-allow-headers')).toContain(header);
    expect(Number(answer.headers.get('access-control-max-age'))).toBeGreaterThan(0);
  });

  it.each(['https://evil.example', 'https://app.example.org.evil.example', 'http://app.example.org', 'null'])(
    'a page of %s is not let in',
    async (origin) => {
      const user = await service.newUser();
      const preflight = await service.request('OPTIONS', LIST, { headers: { Origin: origin, ...PREFLIGHT } });

      expect(allowedOrigin(await user.get(LIST, { headers: { Origin: origin } }))).toBeNull();
      expect([preflight.status, allowedOrigin(preflight)]).toEqual([405, null]);
    },
  );
});

describe('another version of the API', () => {
  let service: Service;

  beforeAll(async () => {
    service = await Service.start();
  });
  afterAll(() => service.stop());

  it.each(['/v0/watchlists', '/v2/watchlists', '/v10/auth/me', '/v1.1/watchlists', '/V1/watchlists'])('is not found: %s', async (path) => {
    const { status, body } = await (await service.newUser()).get(path);

    expect([status, body.code]).toEqual([404, 'not_found']);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Service } from '../support/service.js';

const TOKEN = 'a token for the metrics, long enough';

describe('the metrics', () => {
  let service: Service;

  beforeAll(async () => {
    service = await Service.start({ METRICS_TOKEN: TOKEN });
  });
  afterAll(() => service.stop());

  const requestSeries = async (): Promise<string[]> => {
    const { text } = await service.get('/metrics');
    return text.split('\n').filter((line) => line.startsWith('watchlist_http_request_duration_seconds_count'));
  };

  it('are there for this machine, as Prometheus reads them, and are kept by no cache', async () => {
    const { status, headers, text } = await service.get('/metrics');

    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain('text/plain');
    expect(headers.get('cache-control')).toBe('no-store');
    for (const name of ['cache_lookups_total', 'cache_breaker_open', 'database_query_duration_seconds', 'database_pool_waiting'])
      expect(text).toContain(`# TYPE watchlist_${name} `);
    for (const name of ['write_gate_waiting', 'password_queue_waiting', 'audit_seal_lag_seconds'])
      expect(text).toContain(`# TYPE watchlist_${name} `);
    expect(text).toContain('# TYPE nodejs_eventloop_lag_seconds gauge');
  });

  it.each(['X-Forwarded-For', 'Forwarded'])('are for nobody whom a proxy speaks for by %s', async (header) => {
    expect((await service.get('/metrics', { headers: { [header]: 'for=127.0.0.1' } })).status).toBe(401);
  });

  it('are for a proxy’s caller with the token, and with no other', async () => {
    const from = (token: string) => service.get('/metrics', { token, headers: { 'X-Forwarded-For': '203.0.113.9' } });

    expect((await from(TOKEN)).status).toBe(200);
    expect((await from(`${TOKEN}x`)).status).toBe(401);
  });

  it('count by the pattern of a route: whatever is asked for, the series stay few', async () => {
    const user = await service.newUser();
    const ask = async (): Promise<void> => {
      await user.get(`/v1/watchlists/items/${crypto.randomUUID()}`);
      await user.get(`/${crypto.randomUUID()}`);
      await user.request('PROPFIND', `/${crypto.randomUUID()}`);
    };
    await ask();
    const before = await requestSeries();

    for (let n = 0; n < 20; n++) await ask();
    const after = await requestSeries();

    expect(before.some((line) => line.includes('route="/v1/watchlists/items/:id"') && line.includes('status="404"'))).toBe(true);
    expect(after.length - before.length).toBeLessThanOrEqual(1);
  });
});

import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Lifecycle } from '../../src/ops/lifecycle.js';
import { DataSource } from 'typeorm';
import { Service } from '../support/service.js';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
const DATABASE_ENGINE = leg.databaseUrl === undefined ? 'sqlite' : 'postgres';
const CACHE_ENGINE = leg.redisUrl === undefined ? (leg.databaseUrl === undefined ? 'memory' : 'none') : 'redis';

let service: Service;

beforeAll(async () => {
  service = await Service.start();
});
afterAll(() => service.stop());

describe('liveness', () => {
  it.each(['/health', '/health/'])('at %s says only that the process serves, to anybody', async (path) => {
    const { status, text } = await service.get(path);

    expect([status, text]).toEqual([200, '{"status":"ok"}']);
  });

  it('is not fooled by a token that is none', async () => {
    expect((await service.get('/health', { headers: { Authorization: 'Bearer x' } })).status).toBe(200);
  });
});

describe('readiness', () => {
  it('tells version, time and each dependency, and is never kept by a cache', async () => {
    const { status, headers, body } = await service.get('/health/detailed');

    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual({
      status: 'ok',
      version,
      uptime_seconds: expect.any(Number),
      checks: {
        database: { status: 'up', engine: DATABASE_ENGINE, latency_ms: expect.any(Number) },
        cache: { status: 'up', engine: CACHE_ENGINE, latency_ms: expect.any(Number) },
      },
    });
    expect(Number.isInteger(body.uptime_seconds)).toBe(true);
  });
});

describe('without its cache', () => {
  let alone: Service;

  afterEach(() => alone.stop());

  it('the service is degraded, and goes on', async () => {
    alone = await Service.start({ REDIS_URL: 'redis://127.0.0.1:1' });
    const { status, body } = await alone.get('/health/detailed');
    const user = await alone.newUser();

    expect([status, body.status, body.checks.cache.status, body.checks.cache.engine]).toEqual([200, 'degraded', 'down', 'redis']);
    expect(body.checks.database.status).toBe('up');
    expect((await user.post('/v1/watchlists/items', { title: 'Dune', media_type: 'movie' })).status).toBe(201);
    expect((await user.get('/v1/watchlists')).headers.get('x-cache')).toBe('BYPASS');
  });
});

describe('without its database', () => {
  let alone: Service;
  const connection = () => alone.resolve(DataSource);

  // To stop in good order, it needs its connection.
  afterEach(async () => {
    await connection().initialize();
    await alone.stop();
  });

  it('the service lives but is not ready', async () => {
    alone = await Service.start();
    await connection().destroy();
    const [alive, ready] = [await alone.get('/health'), await alone.get('/health/detailed')];

    expect(alive.status).toBe(200);
    expect([ready.status, ready.body.status, ready.body.checks.database.status]).toEqual([503, 'down', 'down']);
    expect(ready.headers.get('cache-control')).toBe('no-store');
  });
});

describe('while it stops', () => {
  it('the service lives but is not ready, though its dependencies are up', async () => {
    const stopping = await Service.start();
    try {
      stopping.resolve(Lifecycle).onModuleDestroy();
      const ready = await stopping.get('/health/detailed');

      expect((await stopping.get('/health')).status).toBe(200);
      expect([ready.status, ready.body.status, ready.body.checks.database.status]).toEqual([503, 'down', 'up']);
    } finally {
      await stopping.stop();
    }
  });
});

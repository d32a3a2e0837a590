// The dashboard as the built service serves it. What it does is in test/browser.
import { get } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PAGES } from '../../src/dashboard/pages.js';
import { BuiltService } from '../support/built-service.js';
import { expectEnvelope } from '../support/envelope.js';
import { createSurroundings, type Surroundings } from '../support/leg.js';

const LARGEST_FIRST_VIEW_BYTES = 60 * 1024;

describe('the dashboard', () => {
  let surroundings: Surroundings;
  let service: BuiltService;
  let assets: string[];

  beforeAll(async () => {
    surroundings = await createSurroundings({ name: 'sqlite' });
    service = await BuiltService.start(surroundings.environment);
    const { text } = await service.get('/');
    assets = [...text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path = '']) => path);
  });
  afterAll(async () => {
    await BuiltService.endAll();
    await surroundings.remove();
  });

  it.each(PAGES)('is one document at %s, under a policy that lets nothing in from elsewhere', async (path) => {
    const { status, headers, text } = await service.get(path);

    expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([200, 'text/html; charset=utf-8', 'no-cache']);
    expect(text).toBe((await service.get('/')).text);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(text).not.toMatch(/<script(?![^>]* src="\/)|<style|style=|https?:/);
    expect((await service.get(path, { headers: { 'If-None-Match': headers.get('etag') ?? '' } })).status).toBe(304);
  });

  it('has files that may be kept for good, for their names tell what is in them', async () => {
    expect(assets.length).toBeGreaterThan(1);
    for (const path of assets) {
      const { status, headers } = await service.get(path);
      expect([path, status, headers.get('cache-control')]).toEqual([path, 200, 'public, max-age=31536000, immutable']);
    }
  });

  it('weighs little: what the first view needs, as it goes over the wire', async () => {
    const sizes = await Promise.all(assets.map(sizeOnTheWire));

    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(LARGEST_FIRST_VIEW_BYTES);
  });

  it('is sent plain to whoever does not read gzip', async () => {
    const plain = await service.get(assets[0] ?? '', { headers: { 'Accept-Encoding': 'identity' } });

    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(gzipSync(plain.text, { level: 9 }).length).toBe(await sizeOnTheWire(assets[0] ?? ''));
  });

  it('leaves the errors of the API as they are', async () => {
    const [unknown, gone, wrong] = [
      await service.get('/admin'),
      await service.get('/assets/index-gone.js'),
      await service.post('/account', {}),
    ];

    expect([unknown.status, gone.status, wrong.status, wrong.headers.get('allow')]).toEqual([404, 404, 405, 'GET, HEAD']);
    expectEnvelope(unknown, 'not_found');
    expectEnvelope(gone, 'not_found');
    expectEnvelope(wrong, 'method_not_allowed');
  });

  function sizeOnTheWire(path: string): Promise<number> {
    return new Promise((resolve, reject) => {
      get(`${service.url}${path}`, { headers: { 'Accept-Encoding': 'gzip' } }, (response) => {
        let size = 0;
        response.on('data', (chunk: Buffer) => (size += chunk.length)).on('end', () => resolve(size));
      }).on('error', reject);
    });
  }
});

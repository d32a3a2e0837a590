import { describe, expect, it } from '@jest/globals';
import { Histogram as LibraryHistogram, register } from 'prom-client';
import { Histogram } from '../../../src/telemetry/histogram.js';

const BUCKETS = [0.001, 0.01, 0.1, 1];
const OBSERVED: [method: string, status: number, seconds: number][] = [
  ['GET', 200, 0.000_5],
  ['GET', 200, 0.001],
  ['GET', 200, 0.001_000_1],
  ['POST', 201, 1],
  ['POST', 201, 1.5],
  ['GET', 404, 0],
];

async function textOf(name: string): Promise<string[]> {
  const text = await register.getSingleMetricAsString(name);
  return text
    .replaceAll(`${name}_`, 'x_')
    .replace(/^# .*\n/gm, '')
    .split('\n')
    .toSorted();
}

describe('Histogram', () => {
  it("is exposed as the library's own", async () => {
    const ours = new Histogram({ name: 'ours_seconds', help: 'h', labelNames: ['method', 'status'], buckets: BUCKETS });
    const theirs = new LibraryHistogram({ name: 'theirs_seconds', help: 'h', labelNames: ['method', 'status'], buckets: BUCKETS });
    for (const [method, status, seconds] of OBSERVED) {
      ours.labelled(method, status).observe(seconds);
      theirs.observe({ method, status }, seconds);
    }

    const lines = await textOf('ours_seconds');
    expect(lines).toContain('x_bucket{le="0.001",method="GET",status="200"} 2');
    expect(lines).toEqual(await textOf('theirs_seconds'));
    expect(await register.getSingleMetricAsString('ours_seconds')).toContain('# TYPE ours_seconds histogram');
  });

  it('has nothing to tell before anything was observed', async () => {
    const { name } = new Histogram({ name: 'idle_seconds', help: 'h', buckets: BUCKETS });

    expect(await register.getSingleMetricAsString(name)).toBe('# HELP idle_seconds h\n# TYPE idle_seconds histogram');
  });
});

/**
 * `npm run bench:guard`: fails when a scenario costs more than it did. Compares CPU time per request, ours against the baseline's in the same
 * run, with the committed figures: unlike throughput it hardly depends on what else the machine does. A scenario fails only when it fell
 * short in each of three tries, so that noise never fails a build. Linux only, where that time can be read.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const TRIES = 3;
const ENOUGH = 0.8;
const BENCH = fileURLToPath(new URL('run.mjs', import.meta.url));

/** The CPU time the baseline takes for a request / ours, by scenario: the higher, the cheaper we are. */
const { cpuRatios } = JSON.parse(readFileSync(new URL('figures.json', import.meta.url), 'utf8'));

/** @param {string[]} scenarios @returns {Map<string, number> | undefined} nothing when the machine was too busy for any figure */
function measure(scenarios) {
  const folder = mkdtempSync(join(tmpdir(), 'watchlist-bench-'));
  const file = join(folder, 'report.json');
  try {
    const { status } = spawnSync(process.execPath, [BENCH, '--quick', '--seconds', '1', '--only', scenarios.join(','), '--json', file], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    if (status !== 0) return undefined;
    const { outcomes } = JSON.parse(readFileSync(file, 'utf8'));
    return new Map(outcomes.map(({ name, ours, baseline }) => [name, baseline.cpuMsPerRequest.median / ours.cpuMsPerRequest.median]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

let short = Object.keys(cpuRatios);
let failures = 0;
for (let attempt = 1; attempt <= TRIES && short.length > 0; attempt++) {
  const measured = measure(short);
  if (!measured) {
    failures++;
    continue;
  }
  short = short.filter((name) => {
    const ratio = measured.get(name) ?? NaN;
    const wanted = ENOUGH * cpuRatios[name];
    const falls = ratio < wanted;
    console.log(
      `${name.padEnd(12)} ${ratio.toFixed(2)}, at least ${wanted.toFixed(2)}${falls ? `: fell short (${attempt} of ${TRIES})` : ''}`,
    );
    return falls;
  });
}
if (failures === TRIES) {
  console.error('The bench could not be run.');
  process.exitCode = 1;
} else if (short.length > 0 && failures > 0) {
  console.log(`Not measured three times, so not decided: ${short.join(', ')}`);
} else if (short.length > 0) {
  console.error(`Dearer than the committed figures: ${short.join(', ')}. See bench/README.md.`);
  process.exitCode = 1;
}

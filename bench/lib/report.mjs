/**
 * The tables people read. Ratios first: requests per second differ from machine to machine, ours / baseline in one run does not.
 */

/** @typedef {Awaited<ReturnType<import('./measure.mjs').measureThroughput>>} Outcome */

const number = (value) => (Number.isNaN(value) ? '–' : value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3));
const range = ({ min, max }) => `${number(min)}–${number(max)}`;
const verdict = (pass) => (pass ? 'ok' : 'MISSED');

/** @param {string[][]} rows the first is the head; the first column is left-aligned, all others right-aligned */
function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row) => row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  ');
  const [head, ...body] = rows.map(line);
  return [head, '-'.repeat(head.length), ...body].join('\n');
}

/** One line as soon as a scenario is done: a run takes minutes. */
export function progressLine({ name, engine, ratio, atLeast, pass, ours, baseline }) {
  const figures = `${number(ours.perSecond.median)} / ${number(baseline.perSecond.median)} req/s = ${ratio.median.toFixed(2)}`;
  return `${engine.padEnd(9)} ${name.padEnd(11)} ${figures} (at least ${atLeast.toFixed(2)}) ${verdict(pass)}`;
}

/** @param {Outcome[]} outcomes what came out: throughput as ratio of the medians, with the spread of the single rounds */
export function throughputTable(outcomes) {
  const head = ['scenario', 'ratio', 'of rounds', 'at least', '', 'ours req/s', 'of rounds', 'baseline req/s', 'of rounds'];
  const rows = outcomes.map(({ name, ratio, atLeast, pass, ours, baseline }) => [
    name,
    ratio.median.toFixed(2),
    `${ratio.min.toFixed(2)}–${ratio.max.toFixed(2)}`,
    atLeast.toFixed(2),
    verdict(pass),
    ...[ours, baseline].flatMap((side) => [number(side.perSecond.median), range(side.perSecond)]),
  ]);
  return table([head, ...rows]);
}

/** @param {Outcome[]} outcomes what it cost: a server that keeps less than one core busy was waiting for the client or the disk */
export function costTable(outcomes) {
  const head = ['scenario (ours, baseline)', 'p50 ms', '', 'p99 ms', '', 'CPU ms/request', '', 'CPU ratio', 'cores busy', ''];
  const rows = outcomes.map(({ name, ours, baseline }) => [
    name,
    ...['p50', 'p99', 'cpuMsPerRequest'].flatMap((figure) => [number(ours[figure].median), number(baseline[figure].median)]),
    number(baseline.cpuMsPerRequest.median / ours.cpuMsPerRequest.median),
    ...[ours, baseline].map((side) => number(side.coresBusy.median)),
  ]);
  return table([head, ...rows]);
}

/** @param {Outcome[]} outcomes a warning when other work took CPU time from the rounds: from the baseline's, which asks no other server */
export function noiseNote(outcomes) {
  const others = Math.max(...outcomes.map(({ baseline }) => baseline.coresOfOthers.median));
  return others > 0.15
    ? `Other work on this machine took up to ${others.toFixed(2)} cores during the rounds: run again when it is idle.\n`
    : '';
}

export function stormTable(storms) {
  const head = ['login-storm: reads, ms from due time', 'quiet p50', 'p99', 'worst', 'storm p50', 'p99', 'worst', 'logins', ''];
  const row = (name, { quiet, storm, loggedIn }, mark) => {
    const cells = [quiet.p50, quiet.p99, quiet.worst, storm.p50, storm.p99, storm.worst].map(number);
    return [name, ...cells, String(loggedIn), mark];
  };
  const ours = storms.map((storm) => row(`${storm.engine} (p99 ≤ 5 × quiet and ≤ 50 ms)`, storm.ours, verdict(storm.pass)));
  return table([head, ...ours, ...storms.slice(0, 1).map((storm) => row('baseline', storm.baseline, ''))]);
}

/** What a request takes on a small and on a large table. */
export function sizeTable(small, large, rows) {
  const head = ['request', `${number(small)} items`, `${number(large)} items`, 'ratio', ''];
  return table([head, ...rows.map((row) => [row.name, number(row.small), number(row.large), row.ratio.toFixed(2), verdict(row.pass)])]);
}

/** What several processes on one database answer together. */
export function processesTable(rows) {
  const head = ['scenario', 'processes', 'req/s', 'their cores busy'];
  return table([head, ...rows.map((row) => [row.scenario, String(row.processes), number(row.perSecond), number(row.coresBusy)])]);
}

export function processTable(processes) {
  const head = ['process', 'start to first 200', 'RSS idle', 'after the load', 'peak', ''];
  const rows = Object.entries(processes).map(([name, { startMs, idleMb, afterMb, peakMb, pass }]) => [
    pass === undefined ? name : `${name} (≤ 1.5 s, ≤ 150 MB, ≤ 300 MB)`,
    `${(startMs / 1000).toFixed(2)} s`,
    ...[idleMb, afterMb, peakMb].map((megabytes) => `${number(megabytes)} MB`),
    pass === undefined ? '' : verdict(pass),
  ]);
  return table([head, ...rows]);
}

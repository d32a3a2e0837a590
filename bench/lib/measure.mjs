/**
 * Takes the figures: rounds that alternate between the servers, each round beginning with another one, so that neither the machine's
 * mood nor the order favours a side. One server is loaded at a time; the others sit idle.
 */
import { median, percentile, spread } from './stats.mjs';
import { STORM } from './scenarios.mjs';

/** @typedef {{server: import('./server.mjs').Server, users: any[], logins: any[]}} Side */

async function alternate(rounds, sides, measure) {
  const names = Object.keys(sides);
  const results = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    const first = round % names.length;
    for (const name of [...names.slice(first), ...names.slice(0, first)]) results[name].push(await measure(sides[name], round));
  }
  return results;
}

/**
 * @param {import('./load.mjs').LoadGenerator} load
 * @param {Record<string, Side>} sides the baseline, and ours by engine
 * @param {import('./scenarios.mjs').Scenario} scenario
 * @param {Awaited<ReturnType<import('./options.mjs').readOptions>>} options
 * @returns an outcome for each engine
 */
export async function measureThroughput(load, sides, scenario, options) {
  const logsIn = scenario.name === 'login';
  const rounds = await alternate(logsIn ? options.loginRounds : options.rounds, sides, ({ server, users, logins }, round) =>
    load.run({
      kind: 'throughput',
      scenario: scenario.name,
      port: server.port,
      pid: server.pid,
      users: logsIn ? logins : users,
      connections: logsIn ? options.loginConnections : options.connections,
      seconds: options.seconds,
      warmupSeconds: round === 0 ? options.firstWarmupSeconds * (scenario.slowToCompile ? 3 : 1) : options.warmupSeconds,
    }),
  );
  const summary = (side) => {
    const figures = ['perSecond', 'p50', 'p99', 'cpuMsPerRequest', 'coresBusy', 'coresOfOthers'];
    return Object.fromEntries(figures.map((figure) => [figure, spread(side.map((round) => round[figure]))]));
  };
  const baseline = summary(rounds.baseline);
  return options.engines.map((engine) => {
    const ours = summary(rounds[engine]);
    const perRound = rounds[engine].map((round, i) => round.perSecond / rounds.baseline[i].perSecond);
    const ratio = { ...spread(perRound), median: ours.perSecond.median / baseline.perSecond.median };
    const { name, about, atLeast } = scenario;
    return { name, engine, about, atLeast, ratio, pass: ratio.median >= atLeast, ours, baseline, rounds: rounds[engine] };
  });
}

/** Latency of a trickle of reads, alone and beside login loops. Percentiles are over the reads of all rounds: a round alone has too few. */
export async function measureStorm(load, sides, options) {
  const rounds = await alternate(options.loginRounds, sides, async ({ server, users, logins }) => {
    const job = { kind: 'storm', port: server.port, pid: server.pid, users, logins, readsPerSecond: STORM.readsPerSecond };
    const quiet = await load.run({ ...job, loops: 0, seconds: options.quietSeconds });
    const storm = await load.run({ ...job, loops: options.loginLoops, seconds: options.stormSeconds });
    return { quiet: quiet.latencies, storm: storm.latencies, loggedIn: storm.loggedIn, coresOfOthers: storm.coresOfOthers };
  });
  const summary = (side) => {
    const of = (latencies) => ({
      p50: percentile(latencies, 0.5),
      p99: percentile(latencies, 0.99),
      worst: Math.max(...latencies),
      reads: latencies.length,
    });
    return {
      quiet: of(side.flatMap((round) => round.quiet)),
      storm: of(side.flatMap((round) => round.storm)),
      loggedIn: median(side.map((round) => round.loggedIn)),
      coresOfOthers: spread(side.map((round) => round.coresOfOthers)),
    };
  };
  const baseline = summary(rounds.baseline);
  return options.engines.map((engine) => {
    const ours = summary(rounds[engine]);
    const pass = ours.storm.p99 <= STORM.timesQuiet * ours.quiet.p99 && ours.storm.p99 <= STORM.atMostMs;
    return { name: STORM.name, engine, about: STORM.about, pass, ours, baseline };
  });
}

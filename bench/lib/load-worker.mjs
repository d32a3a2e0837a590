/**
 * The load generator: a process of its own, so that reading answers and printing tables never wait for each other. It takes one job at a
 * time over IPC and answers with counts, latencies and what the server process spent meanwhile. Anything but a 2xx fails the job.
 */
import autocannon from 'autocannon';
import { once } from 'node:events';
import { send } from './client.mjs';
import { cpuMs, machineCpuMs } from './proc.mjs';
import { coldPage, SCENARIOS } from './scenarios.mjs';
import { percentile } from './stats.mjs';

let sequence = 1; // numbers every request of this process's life: see scenarios.mjs

process.on('message', async (job) => {
  try {
    process.send?.({ result: job.kind === 'storm' ? await storm(job) : await throughput(job) });
  } catch (error) {
    process.send?.({ error: error instanceof Error ? error.message : String(error) });
  }
});

/** Closed loop: every connection sends its next request when it has the last one's answer. */
async function throughput(job) {
  sequence = Math.max(sequence, job.from ?? 1);
  const scenario = SCENARIOS.find(({ name }) => name === job.scenario);
  const run = { scenario, job, next: scenario.requests(job) };
  if (!scenario.amount) await cannon({ ...run, seconds: job.warmupSeconds });
  const spent = meter(job.pid);
  const { count, seconds, latencies, caches } = await cannon({ ...run, seconds: job.seconds });
  const { cpu, coresOfOthers } = spent();
  if (count === 0)
    throw new Error(`${job.scenario}: not one answer in ${job.seconds} s: is something else using this machine or its disk?`);
  const wanted = scenario.cache === 'HIT' ? 0.95 * count : count; // a page may live for 30 s only, and be read anew once in a long run
  if (scenario.cache && !(caches[scenario.cache] >= wanted)) {
    throw new Error(`${job.scenario}: X-Cache must be ${scenario.cache}, was ${JSON.stringify(caches)}`);
  }
  return {
    count,
    perSecond: count / seconds,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    cpuMsPerRequest: cpu / count,
    coresBusy: cpu / 1000 / seconds,
    coresOfOthers,
  };
}

/** Starts to count CPU time; the function it gives back says what the server and what everybody else took since. */
function meter(pid) {
  const clock = () => ({ server: cpuMs(pid), client: process.cpuUsage(), machine: machineCpuMs(), at: performance.now() });
  const before = clock();
  return () => {
    const after = clock();
    const cpu = after.server - before.server;
    const client = process.cpuUsage(before.client);
    const others = after.machine - before.machine - cpu - (client.user + client.system) / 1000;
    return { cpu, coresOfOthers: Math.max(0, others) / (after.at - before.at) };
  };
}

async function cannon({ scenario, job, next, seconds }) {
  const connections = scenario.connections ?? job.connections;
  const latencies = [];
  const caches = {};
  let refusal = '';
  const setupClient = (client) => {
    // autocannon's own way to vary requests (setupRequest) rebuilds them from parts, at more cost than the answer: hand it the bytes.
    client.getRequestBuffer = () => next(sequence++);
    client.on('headers', ({ statusCode, headers }) => {
      if (scenario.cache) {
        const value = headers[headers.findIndex((name, i) => i % 2 === 0 && name.toLowerCase() === 'x-cache') + 1];
        caches[value] = (caches[value] ?? 0) + 1;
      }
      if ((statusCode < 200 || statusCode > 299) && !refusal) {
        refusal = `${statusCode}`;
        client.once('body', (chunk) => (refusal += `: ${String(chunk).slice(-400)}`));
      }
    });
  };
  const limit = scenario.amount ? { amount: scenario.amount * connections } : { duration: seconds };
  const started = performance.now();
  let ended = started;
  const instance = autocannon({
    url: `http://127.0.0.1:${job.port}`,
    connections,
    ...limit,
    sampleInt: 20,
    timeout: 30,
    bailout: 100,
    setupClient,
  });
  instance.on('response', (_client, _status, _bytes, milliseconds) => {
    latencies.push(milliseconds);
    ended = performance.now();
  });
  const result = await instance;
  if (refusal || result.non2xx || result.errors || result.timeouts) {
    throw new Error(
      `${scenario.name}: ${result.non2xx} refused, ${result.errors} errors, ${result.timeouts} timeouts. First: ${refusal || 'no answer'}`,
    );
  }
  return { count: latencies.length, seconds: (ended - started) / 1000, latencies, caches };
}

/** Open loop: list reads at a fixed rate, each timed from the instant it was due, beside login loops that never pause. */
async function storm({ port, pid, users, logins, loops, seconds, readsPerSecond }) {
  let over = false;
  let loggedIn = 0;
  const demand2xx = (what, { status, text }) => {
    if (status < 200 || status > 299) throw new Error(`login-storm: ${what} answered ${status}: ${text.slice(0, 300)}`);
  };
  const loop = async (index) => {
    const { email, password } = logins[index % logins.length];
    while (!over) {
      demand2xx('a login', await send(port, 'POST', '/v1/auth/login', { body: { email, password } }));
      loggedIn++;
    }
  };
  const latencies = [];
  const read = async (due) => {
    const n = sequence++;
    const page = coldPage(Math.floor(n / users.length));
    demand2xx('a read', await send(port, 'GET', page, { token: users[n % users.length].token }));
    latencies.push(performance.now() - due);
  };
  const spent = meter(pid);
  const storming = Promise.all(Array.from({ length: loops }, (_, index) => loop(index)));
  storming.catch(() => (over = true));
  if (loops > 0) await pause(500); // until every loop waits for a hash
  const reads = [];
  const started = performance.now();
  for (let i = 0; i < seconds * readsPerSecond && !over; i++) {
    const due = started + (i * 1000) / readsPerSecond;
    const early = due - performance.now();
    if (early > 0) await pause(early);
    const reading = read(due);
    reading.catch(() => (over = true));
    reads.push(reading);
  }
  over = true;
  await Promise.all([...reads, storming]);
  return { latencies, loggedIn, coresOfOthers: spent().coresOfOthers };
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

await once(process, 'disconnect'); // the bench is gone: so are we
process.exit(0);

/**
 * A server under test as a process of its own: started the way production starts it, in a temporary folder that is also its working
 * directory, so that no `.env` file and no data of the developer's is ever read or touched, and gone when the bench is.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, openSync, closeSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { send } from './client.mjs';

const LONGEST_START_MS = 20_000;
const LONGEST_STOP_MS = 15_000;

export class Server {
  #child;
  #folder;

  /** @param {string} name @param {string} entry the script to run @param {NodeJS.ProcessEnv} env added to a nearly empty environment @param {string[]} [nodeOptions] */
  constructor(name, entry, env, nodeOptions = []) {
    this.name = name;
    this.entry = entry;
    this.env = env;
    this.nodeOptions = nodeOptions;
    this.port = 0;
    this.#folder = mkdtempSync(join(tmpdir(), 'watchlist-bench-'));
  }

  get pid() {
    return this.#child?.pid ?? 0;
  }

  get folder() {
    return this.#folder;
  }

  get running() {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** @param {NodeJS.ProcessEnv} env for this start only @returns {Promise<number>} milliseconds from the spawn to the first 200 */
  async start(env = {}) {
    this.port = await freePort();
    const log = openSync(join(this.#folder, 'server.log'), 'a');
    const started = performance.now();
    const child = spawn(process.execPath, [...this.nodeOptions, this.entry], {
      cwd: this.#folder,
      env: { PATH: process.env.PATH, PORT: String(this.port), HOST: '127.0.0.1', DATA_DIR: this.#folder, ...this.env, ...env },
      stdio: ['ignore', log, log],
    });
    this.#child = child;
    closeSync(log);
    while (performance.now() - started < LONGEST_START_MS) {
      if (child.exitCode !== null) throw new Error(`${this.name} ended at its start (${child.exitCode}):\n${this.log()}`);
      const answer = await send(this.port, 'GET', '/health').catch(() => undefined);
      if (answer?.status === 200) return performance.now() - started;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error(`${this.name} did not answer /health within ${LONGEST_START_MS / 1000} s:\n${this.log()}`);
  }

  async stop() {
    const child = this.#child;
    if (!this.running) return;
    const late = setTimeout(() => child.kill('SIGKILL'), LONGEST_STOP_MS);
    child.kill('SIGTERM');
    await once(child, 'exit');
    clearTimeout(late);
    if (child.signalCode === 'SIGKILL') console.error(`${this.name} did not end within ${LONGEST_STOP_MS / 1000} s of SIGTERM`);
  }

  /** The end of what the server printed, for an error message. */
  log() {
    return this.#child ? readFileSync(join(this.#folder, 'server.log'), 'utf8').trim().split('\n').slice(-25).join('\n') : '';
  }

  /** Leaves nothing behind; synchronous, so that it also works while the bench itself is ending. */
  remove() {
    if (this.#child?.exitCode === null) this.#child.kill('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (probe.address());
  probe.close();
  await once(probe, 'close');
  return port;
}

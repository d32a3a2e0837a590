// The built service as a process of its own, as a user runs it. `build.js` has built it before the first suite starts.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { RunningService } from './accounts.js';
import type { Json } from './http.js';
import type { Environment } from './leg.js';

const DIST = resolve(import.meta.dirname, '../../dist');
const LONGEST_RUN_MS = 25_000;

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** What a process wrote. */
class Output {
  stdout = '';
  stderr = '';

  constructor(process: ChildProcess) {
    process.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    process.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
  }
}

function spawnBuilt(entry: string, args: readonly string[], environment: Environment, under: readonly string[] = []): ChildProcess {
  const [command, ...rest] = [...under, process.execPath, `${DIST}/${entry}.js`, ...args] as [string, ...string[]];
  // It runs in its own data folder, so that a `.env` of whoever runs the tests is not read.
  return spawn(command, rest, {
    cwd: environment.DATA_DIR,
    env: { PATH: process.env.PATH, PORT: '0', BCRYPT_COST: '4', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function exitOf(process: ChildProcess): Promise<Exit> {
  const [code, signal] = (await once(process, 'close')) as [Exit['code'], Exit['signal']];
  return { code, signal };
}

/** Runs a built entry such as `cli/admin`, or a `main` that is meant to fail, to its end. */
export async function runBuilt(
  entry: string,
  args: readonly string[],
  environment: Environment,
  longestRunMs = LONGEST_RUN_MS,
): Promise<Exit & { readonly stdout: string; readonly stderr: string }> {
  const process = spawnBuilt(entry, args, environment);
  const output = new Output(process);
  const overdue = setTimeout(() => process.kill('SIGKILL'), longestRunMs);
  const exit = await exitOf(process).finally(() => clearTimeout(overdue));
  return { ...exit, stdout: output.stdout, stderr: output.stderr };
}

export class BuiltService extends RunningService {
  private static readonly running = new Set<BuiltService>();

  private constructor(
    url: string,
    private readonly process: ChildProcess,
    private readonly output: Output,
    /** Settles when the process has ended and everything it wrote has been read. */
    readonly exited: Promise<Exit>,
  ) {
    super(url);
    BuiltService.running.add(this);
    void exited.then(() => BuiltService.running.delete(this));
  }

  /**
   * Starts it on a free port and waits until it says that it is ready.
   * @param environment all it gets beside `PATH`, a port and a cheap bcrypt; see `Surroundings.environment`
   * @param under a command that runs it, in the process that it was itself
   * @throws Error with all it wrote when it ends instead
   */
  static async start(environment: Environment, under?: readonly string[]): Promise<BuiltService> {
    const process = spawnBuilt('main', [], environment, under);
    const output = new Output(process);
    const exited = exitOf(process);
    const url = await Promise.race([readyUrl(process, output), exited.then(() => undefined)]);
    if (url === undefined) throw new Error(`The service did not start:\n${output.stdout}${output.stderr}`);
    return new BuiltService(url, process, output, exited);
  }

  /** For the end of a suite: nothing it started may outlive it, also when a test failed. */
  static async endAll(): Promise<void> {
    await Promise.all([...BuiltService.running].map((service) => service.kill('SIGKILL')));
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  get stdout(): string {
    return this.output.stdout;
  }

  get stderr(): string {
    return this.output.stderr;
  }

  /** The lines of its log so far. */
  logLines(): Json[] {
    return this.stdout
      .split('\n')
      .filter((line) => line.startsWith('{') && line.endsWith('}'))
      .map((line): Json => JSON.parse(line));
  }

  kill(signal: NodeJS.Signals = 'SIGTERM'): Promise<Exit> {
    this.process.kill(signal);
    return this.exited;
  }
}

function readyUrl(process: ChildProcess, output: Output): Promise<string> {
  return new Promise((resolveUrl) => {
    process.stdout?.on('data', () => {
      const [, url] = /^ {2}API +(.+)\/v1$/m.exec(output.stdout) ?? [];
      if (url !== undefined) resolveUrl(url);
    });
  });
}

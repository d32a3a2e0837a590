// Keeps a dead or slow dependency from costing every request its timeout: the first failure opens the circuit,
// then only a probe in the background asks again until it answers.
import { CacheUnavailableError } from './cache-store.js';

export interface CircuitBreakerOptions {
  /** How long one call may take. */
  readonly timeoutMs: number;
  readonly probeEveryMs: number;
  /** Succeeds when the dependency is back. */
  probe(): Promise<unknown>;
  onChange(open: boolean, cause?: unknown): void;
}

export class CircuitBreaker {
  private probing: NodeJS.Timeout | undefined;

  constructor(private readonly options: CircuitBreakerOptions) {}

  get open(): boolean {
    return this.probing !== undefined;
  }

  /** @throws CacheUnavailableError at once while the circuit is open, else when the call fails or takes too long */
  async call<T>(operation: () => Promise<T>): Promise<T> {
    if (this.open) throw new CacheUnavailableError();
    try {
      return await this.bounded(operation);
    } catch (error) {
      this.trip(error);
      throw new CacheUnavailableError(error);
    }
  }

  /** Starts open: nothing is asked before the first probe succeeded. */
  startOpen(): void {
    this.probing ??= setInterval(() => void this.probeOnce(), this.options.probeEveryMs).unref();
    void this.probeOnce();
  }

  /** For whoever knows before the next probe is due that the dependency may be back. */
  async probeNow(): Promise<void> {
    if (this.open) await this.probeOnce();
  }

  stop(): void {
    clearInterval(this.probing);
  }

  private trip(cause: unknown): void {
    if (this.open) return;
    this.probing = setInterval(() => void this.probeOnce(), this.options.probeEveryMs).unref();
    this.options.onChange(true, cause);
  }

  private async probeOnce(): Promise<void> {
    try {
      await this.bounded(() => this.options.probe());
    } catch {
      return;
    }
    if (!this.open) return;
    clearInterval(this.probing);
    this.probing = undefined;
    this.options.onChange(false);
  }

  private async bounded<T>(operation: () => Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`No answer within ${this.options.timeoutMs} ms`)), this.options.timeoutMs);
    });
    try {
      return await Promise.race([operation(), timeout]);
    } finally {
      clearTimeout(timer);
    }
  }
}

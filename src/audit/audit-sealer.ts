// Seals what was committed: shortly after each commit, never in the way of a request, each entry gets its `seq` and `hash` in the
// chain, and its line in `audit.log`. One sealer at a time, on all instances together; entries that an instance left behind when it
// was killed are sealed by whoever looks next.
import { AsyncResource } from 'node:async_hooks';
import { setImmediate as yieldToRequests, setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { isUnavailable } from '../database/database-error.js';
import type { Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { type Seal, sealAfter } from './audit-chain.js';
import { AuditRelay } from './audit-relay.js';
import { AuditRepository } from './audit.repository.js';
import { oneAtATime } from './one-at-a-time.js';

/** Entries sealed in one transaction: bounds how long other writers wait. */
const BATCH = 256;
/** How long after a commit to wait for others, which are then sealed together. */
const SETTLE_MS = 100;
/** How often to look for what other instances committed or sealed. */
const SWEEP_MS = 2_000;
/** How long a service that stops waits for its last pass. */
const LAST_PASS_MS = 2_000;

@Injectable()
export class AuditSealer implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('AuditSealer');
  private state: 'idle' | 'serving' | 'stopped' = 'idle';
  private sweep: NodeJS.Timeout | undefined;
  private settle: NodeJS.Timeout | undefined;
  private reported: string | undefined;

  /** Seals everything that was committed before the call and writes it to `audit.log`. Never throws: what fails is logged and tried again. */
  readonly flush = oneAtATime(() => this.pass());

  /** To be called when an entry was committed. Bound, so that the timer does not run in the name of the request that set it. */
  readonly wake = AsyncResource.bind(() => {
    if (this.state !== 'serving' || this.settle) return;
    this.settle = setTimeout(() => {
      this.settle = undefined;
      void this.flush();
    }, SETTLE_MS).unref();
  });

  constructor(
    private readonly entries: AuditRepository,
    private readonly relay: AuditRelay,
    private readonly unitOfWork: UnitOfWork,
    private readonly adapterHost: HttpAdapterHost,
  ) {}

  /** The command line has no server: it leaves sealing to the service, and `audit.log` to the service's own machine and user. */
  onApplicationBootstrap(): void {
    if (!this.adapterHost.httpAdapter) return;
    this.state = 'serving';
    this.sweep = setInterval(() => void this.flush(), SWEEP_MS).unref();
    void this.flush();
  }

  /** Every request has been answered by now, and the database is still open. */
  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.sweep);
    clearTimeout(this.settle);
    await Promise.race([this.flush(), pause(LAST_PASS_MS, undefined, { ref: false })]);
    this.state = 'stopped';
  }

  private async pass(): Promise<void> {
    try {
      await this.sealAll();
      while (this.state === 'serving' && (await this.relay.writeNext())) await yieldToRequests();
      this.reported = undefined;
    } catch (error) {
      this.report(error);
    }
  }

  private async sealAll(): Promise<void> {
    if (this.state !== 'serving' || !(await this.entries.hasUnsealed())) return;
    while ((await this.unitOfWork.write((tx) => this.sealBatch(tx), { exclusive: 'audit sealer' })) === BATCH) await yieldToRequests();
  }

  /** @returns how many entries it sealed */
  private async sealBatch(tx: Tx): Promise<number> {
    const unsealed = await this.entries.listUnsealed(tx, BATCH);
    let last: Seal = await this.entries.findLastSeal(tx);
    const sealed = unsealed.map((entry) => {
      last = sealAfter(last, entry);
      return { id: entry.id, seq: last.seq, hash: last.hash };
    });
    await this.entries.seal(tx, sealed);
    return sealed.length;
  }

  /** Once for each trouble, not with every try. */
  private report(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    if (message === this.reported) return;
    this.reported = message;
    if (isUnavailable(error)) this.logger.warn(`Sealing waits for the database: ${message}`);
    else this.logger.error({ err: error }, message);
  }
}

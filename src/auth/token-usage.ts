// Notes when a personal access token was last used: at most once a minute for each, and never while the request waits.
import { Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { UnitOfWork } from '../database/unit-of-work.js';
import { TokensRepository } from './tokens.repository.js';

const INTERVAL_SECONDS = 60;
const MOST_REMEMBERED = 10_000;

@Injectable()
export class TokenUsage {
  private readonly logger = new Logger('TokenUsage');
  private readonly noted = new LRUCache<string, true>({ max: MOST_REMEMBERED, ttl: INTERVAL_SECONDS * 1_000 });

  constructor(
    private readonly tokens: TokensRepository,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** Returns at once; what it writes may be lost when the process ends. */
  note(tokenId: string): void {
    if (this.noted.has(tokenId)) return;
    this.noted.set(tokenId, true);
    void this.unitOfWork
      .write((tx) => this.tokens.touch(tx, tokenId, INTERVAL_SECONDS))
      .catch((error: unknown) => this.logger.debug(`The use of a token could not be noted: ${String(error)}`));
  }
}

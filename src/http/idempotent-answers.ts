// Every request with an `Idempotency-Key` is carried out once. Its answer is stored in the transaction of what it did, so that
// no crash comes between them; whoever asks again gets the stored answer, from any instance.
import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../database/unit-of-work.js';
import { ApiError } from './api-error.js';
import { type Claim, type GivenAnswer, IdempotencyKeysRepository } from './idempotency-keys.repository.js';

/** What came of a request: the answer and, when it is an error, the error that is answered with it. */
export interface Outcome {
  readonly answer: GivenAnswer;
  readonly error?: ApiError;
}

/** Another instance has answered the same request in the meantime. */
class AnsweredElsewhereError extends Error {}

@Injectable()
export class IdempotentAnswers {
  /** The fingerprints of what runs in this process, by user and key. */
  private readonly running = new Map<string, string>();

  constructor(
    private readonly keys: IdempotencyKeysRepository,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /**
   * @param carryOut is called at most once; what it throws is not stored, and takes back all it wrote
   * @returns what came of it, or the answer that was given before
   * @throws ApiError `idempotency_key_reused`; `idempotency_in_progress` while the first request with the key runs, here or elsewhere
   */
  async once(claim: Claim, carryOut: () => Promise<Outcome>): Promise<Outcome | { given: GivenAnswer }> {
    const place = placeOf(claim);
    const running = this.running.get(place);
    if (running !== undefined) throw running === claim.fingerprints[0] ? inProgress() : new ApiError('idempotency_key_reused');
    this.running.set(place, claim.fingerprints[0]);
    try {
      const given = await this.find(claim);
      return given ? { given } : await this.carryOutAndStore(claim, carryOut);
    } catch (error) {
      if (!(error instanceof AnsweredElsewhereError)) throw error;
      const given = await this.find(claim);
      if (!given) throw ApiError.unavailable();
      return { given };
    } finally {
      this.running.delete(place);
    }
  }

  private async find(claim: Claim): Promise<GivenAnswer | undefined> {
    const found = await this.keys.find(claim);
    if (found && !found.answer) throw new ApiError('idempotency_key_reused');
    return found?.answer;
  }

  /** Another instance may be at it: the lock tells, and when its transaction ended in between, the stored answer. */
  private carryOutAndStore(claim: Claim, carryOut: () => Promise<Outcome>): Promise<Outcome> {
    return this.unitOfWork.together(carryOut, {
      begin: async (tx) => {
        if (!(await tx.tryLock(`idempotency ${placeOf(claim)}`))) throw inProgress();
      },
      conclude: async (tx, { answer }) => {
        if (!(await this.keys.insert(tx, claim, answer))) throw new AnsweredElsewhereError();
      },
    });
  }
}

function placeOf({ userId, key }: Claim): string {
  return `${userId} ${key}`;
}

function inProgress(): ApiError {
  return new ApiError('idempotency_in_progress', { headers: { 'Retry-After': '1' } });
}

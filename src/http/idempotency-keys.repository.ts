// The answers that are given again, for a day.
import { createHmac, hkdfSync } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { Config } from '../config/config.js';
import { now, secondsFromNow } from '../database/clock.js';
import { Reader } from '../database/reader.js';
import type { Tx } from '../database/tx.js';
import { SecretBox } from './secret-box.js';

const KEPT_SECONDS = 24 * 60 * 60;

/** A request that is to be carried out once. */
export interface Claim {
  readonly userId: string;
  readonly key: string;
  /** See `fingerprint`. */
  readonly fingerprint: string;
}

export interface GivenAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  /** Nothing where the answer has no body. */
  readonly body?: string;
}

@Injectable()
export class IdempotencyKeysRepository {
  private readonly box: SecretBox;
  private readonly fingerprintKey: Buffer;

  constructor(
    private readonly reader: Reader,
    config: Config,
  ) {
    this.box = new SecretBox(config.jwtSecret, 'idempotent answer');
    this.fingerprintKey = Buffer.from(hkdfSync('sha256', config.jwtSecret, '', 'idempotent request', 32));
  }

  /** Equal for equal requests, and tells nothing of the body to whoever does not have the service's secret. */
  fingerprint(method: string, url: string, body: Buffer): string {
    return createHmac('sha256', this.fingerprintKey).update(`${method} ${url}\n`).update(body).digest('base64url');
  }

  /** @returns with another fingerprint than the claim's when the key was used for another request */
  async find({ userId, key }: Claim): Promise<{ fingerprint: string; open: () => GivenAnswer } | undefined> {
    const row = await this.reader.one<{ id: string; fingerprint: string; answer: string }>(sql`
      SELECT id, fingerprint, answer FROM idempotency_keys
      WHERE user_id = ${userId} AND idempotency_key = ${key} AND created_at >= ${secondsFromNow(-KEPT_SECONDS)}`);
    return row && { fingerprint: row.fingerprint, open: () => JSON.parse(this.box.open(row.answer, row.id)) as GivenAnswer };
  }

  /** @returns whether it was stored: `false` when there is an answer for the key already */
  async insert(tx: Tx, { userId, key, fingerprint }: Claim, answer: GivenAnswer): Promise<boolean> {
    const id = uuidv7();
    const sealed = this.box.seal(JSON.stringify(answer), id);
    const { affected } = await tx.run(sql`
      INSERT INTO idempotency_keys (id, user_id, idempotency_key, fingerprint, answer, created_at)
      VALUES (${id}, ${userId}, ${key}, ${fingerprint}, ${sealed}, ${now()})
      ON CONFLICT (user_id, idempotency_key) DO UPDATE
      SET id = excluded.id, fingerprint = excluded.fingerprint, answer = excluded.answer, created_at = excluded.created_at
      WHERE idempotency_keys.created_at < ${secondsFromNow(-KEPT_SECONDS)}`);
    return affected === 1;
  }

  /** @returns how many were deleted, at most as many as given */
  async deleteExpired(tx: Tx, most: number): Promise<number> {
    const { affected } = await tx.run(sql`
      DELETE FROM idempotency_keys WHERE id IN
        (SELECT id FROM idempotency_keys WHERE created_at < ${secondsFromNow(-KEPT_SECONDS)} ORDER BY created_at LIMIT ${most})`);
    return affected;
  }
}

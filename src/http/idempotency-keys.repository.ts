// The answers that are given again, for a day.
import { createHmac, hkdfSync } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import sql from 'sql-template-tag';
import { Config } from '../config/config.js';
import { now, secondsFromNow } from '../database/clock.js';
import { newId } from '../database/id.js';
import { Reader } from '../database/reader.js';
import type { Tx } from '../database/tx.js';
import { SecretBox } from './secret-box.js';

const KEPT_SECONDS = 24 * 60 * 60;

/** Of one request, by the current secret and by those before it. Equal for equal requests; they tell nothing of the body to whoever has no secret. */
type Fingerprints = readonly [string, ...string[]];

/** A request that is to be carried out once. */
export interface Claim {
  readonly userId: string;
  readonly key: string;
  readonly fingerprints: Fingerprints;
}

export interface GivenAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  /** Nothing where the answer has no body. */
  readonly body?: string;
}

/** What is made of a secret of the service. */
interface Keys {
  readonly box: SecretBox;
  readonly fingerprint: Buffer;
}

@Injectable()
export class IdempotencyKeysRepository {
  private readonly current: Keys;
  /** From before the last rotation of the secret, if there was one. */
  private readonly earlier: readonly Keys[];

  constructor(
    private readonly reader: Reader,
    { jwtSecret, jwtSecretPrevious }: Config,
  ) {
    this.current = derive(jwtSecret);
    this.earlier = jwtSecretPrevious === undefined ? [] : [derive(jwtSecretPrevious)];
  }

  fingerprints(method: string, url: string, body: Buffer): Fingerprints {
    const by = ({ fingerprint }: Keys): string =>
      createHmac('sha256', fingerprint).update(`${method} ${url}\n`).update(body).digest('base64url');
    return [by(this.current), ...this.earlier.map(by)];
  }

  /** @returns without an answer when the key was used for another request */
  async find({ userId, key, fingerprints }: Claim): Promise<{ answer: GivenAnswer | undefined } | undefined> {
    const row = await this.reader.one<{ id: string; fingerprint: string; answer: string }>(sql`
      SELECT id, fingerprint, answer FROM idempotency_keys
      WHERE user_id = ${userId} AND idempotency_key = ${key} AND created_at >= ${secondsFromNow(-KEPT_SECONDS)}`);
    if (!row) return undefined;
    const used = [this.current, ...this.earlier][fingerprints.indexOf(row.fingerprint)];
    return { answer: used && (JSON.parse(used.box.open(row.answer, row.id)) as GivenAnswer) };
  }

  /** @returns whether it was stored: `false` when there is an answer for the key already */
  async insert(tx: Tx, { userId, key, fingerprints }: Claim, answer: GivenAnswer): Promise<boolean> {
    const id = newId();
    const sealed = this.current.box.seal(JSON.stringify(answer), id);
    const { affected } = await tx.run(sql`
      INSERT INTO idempotency_keys (id, user_id, idempotency_key, fingerprint, answer, created_at)
      VALUES (${id}, ${userId}, ${key}, ${fingerprints[0]}, ${sealed}, ${now()})
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

function derive(secret: string): Keys {
  return {
    box: new SecretBox(secret, 'idempotent answer'),
    fingerprint: Buffer.from(hkdfSync('sha256', secret, '', 'idempotent request', 32)),
  };
}

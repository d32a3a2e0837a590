// Cursors: where a page ended, opaque and signed, good only for the query they came from.
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';
import { ApiError } from './api-error.js';

/** The sort key and id of the last row of a page, and how many rows came before the next page. */
export interface Position {
  readonly key: string | number | null;
  readonly id: string;
  readonly offset: number;
}

const SIGNATURE_BYTES = 16;

@Injectable()
export class Cursors {
  private readonly key: Buffer;

  constructor(config: Config) {
    this.key = Buffer.from(hkdfSync('sha256', config.jwtSecret, '', 'cursor', 32));
  }

  /** @param query everything that decides which rows come in which order, the owner included */
  encode(position: Position, query: string): string {
    const payload = Buffer.from(JSON.stringify([position.key, position.id, position.offset]));
    return Buffer.concat([this.sign(payload, query), payload]).toString('base64url');
  }

  /** @throws ApiError `validation_failed` when the cursor was tampered with or belongs to another query */
  decode(cursor: string, query: string): Position {
    const bytes = Buffer.from(cursor, 'base64url');
    const payload = bytes.subarray(SIGNATURE_BYTES);
    const signature = this.sign(payload, query);
    // Decoding passes over characters that are not of the alphabet: what was added or bent must not pass either.
    const unchanged = bytes.length > SIGNATURE_BYTES && bytes.toString('base64url') === cursor;
    if (!unchanged || !timingSafeEqual(signature, bytes.subarray(0, SIGNATURE_BYTES))) {
      throw ApiError.field('cursor', 'is not one that this query gave');
    }
    const [key, id, offset] = JSON.parse(payload.toString()) as [Position['key'], string, number];
    return { key, id, offset };
  }

  private sign(payload: Buffer, query: string): Buffer {
    return createHmac('sha256', this.key).update(query).update('\0').update(payload).digest().subarray(0, SIGNATURE_BYTES);
  }
}

// Ids: UUIDv7 (RFC 9562 section 5.7), each greater than those this process made before, also within a millisecond.
import { randomFillSync } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';

const BYTES_OF_AN_ID = 16;
const pool = Buffer.alloc(BYTES_OF_AN_ID * 256);
let used = pool.length;
let millisecond = 0;
let sequence = 0;

export function newId(): string {
  const random = randomBytes();
  const now = Date.now();
  // Of the 32 bits, the first is left free: from there no millisecond can count to the end.
  sequence = now > millisecond ? random.readUInt32BE(6) >>> 1 : sequence + 1;
  millisecond = Math.max(millisecond, now);
  return uuidv7({ random, msecs: millisecond, seq: sequence });
}

/** Drawing them one id at a time takes four times as long as the rest of the id. */
function randomBytes(): Buffer {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += BYTES_OF_AN_ID;
  return pool.subarray(used - BYTES_OF_AN_ID, used);
}

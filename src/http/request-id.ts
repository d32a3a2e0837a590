// Where request ids come from: the caller's own when it is harmless to log and to send back, else a new UUIDv7.
import { randomFillSync } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { v7 as uuidv7 } from 'uuid';

const ACCEPTABLE = /^[A-Za-z0-9._:-]{1,128}$/;

export function requestIdOf(message: Pick<IncomingMessage, 'headers'>): string {
  const given = message.headers['x-request-id'];
  return typeof given === 'string' && ACCEPTABLE.test(given) ? given : uuidv7({ random: randomBytes() });
}

const BYTES_OF_AN_ID = 16;
const pool = Buffer.alloc(BYTES_OF_AN_ID * 256);
let used = pool.length;

/** Every request needs some, and drawing them one request at a time costs three times what the rest of the id does. */
function randomBytes(): Buffer {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += BYTES_OF_AN_ID;
  return pool.subarray(used - BYTES_OF_AN_ID, used);
}

// Where request ids come from: the caller's own when it is harmless to log and to send back, else a new UUIDv7.
import type { IncomingMessage } from 'node:http';
import { newId } from '../database/id.js';

const ACCEPTABLE = /^[A-Za-z0-9._:-]{1,128}$/;

export function requestIdOf(message: Pick<IncomingMessage, 'headers'>): string {
  const given = message.headers['x-request-id'];
  return typeof given === 'string' && ACCEPTABLE.test(given) ? given : newId();
}

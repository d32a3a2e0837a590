/**
 * A small JSON client on node:http for everything that is not the measured load: seeding, logins, the login storm. Keep-alive, loopback,
 * and an error that shows the answer, so that a bench never runs on against a server that refuses it.
 */
import { Agent, request } from 'node:http';

const agent = new Agent({ keepAlive: true, maxSockets: 128 });

/**
 * @param {number} port
 * @param {string} method
 * @param {string} path
 * @param {{token?: string, body?: unknown}} [options]
 * @returns {Promise<{status: number, headers: import('node:http').IncomingHttpHeaders, text: string}>}
 */
export function send(port, method, path, { token, body } = {}) {
  const payload = body === undefined ? undefined : JSON.stringify(body);
  const headers = {
    ...(token && { authorization: `Bearer ${token}` }),
    ...(payload !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }),
  };
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, method, path, headers, agent, timeout: 30_000 }, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8');
      incoming.on('data', (chunk) => (text += chunk));
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text }));
      incoming.on('error', reject);
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error(`${method} ${path}: no answer within 30 s`)));
    outgoing.on('error', reject);
    outgoing.end(payload);
  });
}

/** As `send`, parsed; any answer but 2xx is an error. */
export async function call(port, method, path, options) {
  const { status, text } = await send(port, method, path, options);
  if (status < 200 || status > 299) throw new Error(`${method} ${path} answered ${status}: ${text.slice(0, 300)}`);
  return text === '' ? undefined : JSON.parse(text);
}

/** Runs `work` on every entry, at most `width` at a time. */
export async function inParallel(entries, width, work) {
  let next = 0;
  const lane = async () => {
    while (next < entries.length) await work(entries[next++]);
  };
  await Promise.all(Array.from({ length: Math.min(width, entries.length) }, lane));
}

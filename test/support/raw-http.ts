// HTTP byte by byte, for what no client library would send.
import { connect } from 'node:net';
import { type Answer, parsed } from './http.js';

const LONGEST_WAIT_MS = 20_000;

/** Sends the bytes as they are and reads until the server closes the connection. */
export async function exchange(url: string, bytes: string | Uint8Array): Promise<Answer> {
  return readAnswer(await transmit(url, bytes));
}

/** A request with a Host and without any other header than these; the server is asked to close the connection. */
export function message(requestLine: string, headers: readonly string[] = [], body = ''): string {
  return [`${requestLine} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...headers, '', body].join('\r\n');
}

/** A JSON body with its length. */
export function jsonMessage(requestLine: string, body: string, headers: readonly string[] = []): string {
  return message(requestLine, ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`, ...headers], body);
}

/** @returns what came back, whole or not; a reset does not undo what was read before it */
export function transmit(url: string, bytes: string | Uint8Array): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect({ host: hostname, port: Number(port), timeout: LONGEST_WAIT_MS }, () => socket.write(bytes));
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('timeout', () => {
      reject(new Error('The connection stayed open'));
      socket.destroy();
    });
    socket.on('error', (error) => chunks.length === 0 && reject(error));
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
  });
}

function readAnswer(received: string): Answer {
  const [head = '', ...rest] = received.split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = new Headers(lines.map((line) => line.split(/: ?(.*)/s, 2) as [string, string]));
  const sent = rest.join('\r\n\r\n');
  const text = headers.get('transfer-encoding') === 'chunked' ? sent.replaceAll(/(?:^|\r\n)[0-9a-f]+\r\n/g, '').trimEnd() : sent;
  return { status: Number(statusLine.split(' ')[1]), headers, text, body: parsed(text) };
}

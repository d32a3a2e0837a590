// A small client that shows a test everything of an answer, and fails it when the API document says otherwise.
import { assertDocumented } from './documented.js';

export interface RequestOptions {
  readonly body?: unknown;
  /** Sent as it is in place of `body`. */
  readonly rawBody?: string | Uint8Array;
  readonly token?: string | undefined;
  readonly headers?: Record<string, string>;
}

// Tests read what they assert on; what else an answer holds does not concern them.
// oxlint-disable-next-line typescript/no-explicit-any
export type Json = any;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body, or `undefined` when it is not JSON. */
  readonly body: Json;
}

export async function send(url: string, method: string, path: string, options: RequestOptions = {}): Promise<Answer> {
  const { body, rawBody, token, headers } = options;
  const request = (): Promise<Response> =>
    fetch(`${url}${path}`, {
      method,
      body: rawBody ?? (body === undefined ? undefined : JSON.stringify(body)),
      headers: {
        ...(body !== undefined || rawBody !== undefined ? { 'Content-Type': 'application/json' } : {}),
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...headers,
      },
    });
  // The service may close an idle connection at the moment it is used again; then it is sent anew (RFC 9112 section 9.3.1).
  const response = await request().catch((error: Error) => {
    if (method === 'POST' || (error.cause as NodeJS.ErrnoException | undefined)?.code !== 'ECONNRESET') throw error;
    return request();
  });
  const text = await response.text();
  const answer = { status: response.status, headers: response.headers, text, body: parsed(text) };
  assertDocumented(method, path, answer);
  return answer;
}

/** @returns nothing when it is not JSON */
export function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The methods of one caller. */
export class Client {
  constructor(
    readonly url: string,
    readonly token?: string,
  ) {}

  request(method: string, path: string, options: RequestOptions = {}): Promise<Answer> {
    return send(this.url, method, path, { token: this.token, ...options });
  }

  get(path: string, options?: RequestOptions): Promise<Answer> {
    return this.request('GET', path, options);
  }

  post(path: string, body?: unknown, options?: RequestOptions): Promise<Answer> {
    return this.request('POST', path, { body, ...options });
  }

  patch(path: string, body?: unknown, options?: RequestOptions): Promise<Answer> {
    return this.request('PATCH', path, { body, ...options });
  }

  delete(path: string, options?: RequestOptions): Promise<Answer> {
    return this.request('DELETE', path, options);
  }
}

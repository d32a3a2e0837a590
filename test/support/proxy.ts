// A small TCP proxy that stands between the service and a database or cache and fails on command.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

interface Pair {
  readonly client: Socket;
  readonly upstream: Socket;
  /** Whether it leads into a black hole. */
  lost: boolean;
}

export class Proxy {
  private readonly pairs = new Set<Pair>();
  private silent = false;
  private muted = false;
  private delayMs = 0;
  private server: Server | undefined;

  private constructor(
    private readonly target: URL,
    private readonly port: number,
  ) {}

  /** @param target the URL of what it stands before, port included */
  static async start(target: string): Promise<Proxy> {
    const proxy = new Proxy(new URL(target), await freePort());
    await proxy.restore();
    return proxy;
  }

  /** The target's URL by way of the proxy. */
  get url(): string {
    return Object.assign(new URL(this.target), { hostname: '127.0.0.1', port: String(this.port) }).href;
  }

  /** As if nothing listened there any more: open connections are reset, new ones refused. */
  async refuse(): Promise<void> {
    const { server } = this;
    if (!server) return;
    this.server = undefined;
    const closed = once(server, 'close');
    server.close();
    this.reset();
    await closed;
  }

  /** Everything sent, on old connections and new ones, is swallowed and never answered. */
  blackHole(): void {
    this.silent = true;
    for (const pair of this.pairs) pair.lost = true;
  }

  /** What is sent arrives, and its answers are swallowed. */
  mute(): void {
    this.muted = true;
  }

  /** Every answer comes this much later. */
  delay(ms: number): void {
    this.delayMs = ms;
  }

  /** Open connections are reset; new ones work. */
  reset(): void {
    for (const { client, upstream } of this.pairs) {
      client.resetAndDestroy();
      upstream.destroy();
    }
  }

  /** Open connections are closed, as by a server that stops; new ones work. */
  cut(): void {
    for (const { client, upstream } of this.pairs) {
      client.end();
      upstream.destroy();
    }
  }

  /** New connections work. Those that led into a black hole stay silent, as after a firewall forgot them. */
  async restore(): Promise<void> {
    this.silent = false;
    this.muted = false;
    this.delayMs = 0;
    if (this.server) return;
    this.server = createServer((client) => this.accept(client)).listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
  }

  private accept(client: Socket): void {
    const pair: Pair = { client, upstream: connect(Number(this.target.port), this.target.hostname), lost: this.silent };
    const { upstream } = pair;
    this.pairs.add(pair);
    client.on('data', (data) => pair.lost || upstream.write(data)).on('error', () => undefined);
    upstream.on('data', this.delayed(pair)).on('error', () => undefined);
    client.on('close', () => {
      this.pairs.delete(pair);
      upstream.destroy();
    });
    upstream.on('close', () => pair.lost || client.destroy());
  }

  /** Later, but never before what was sent earlier under a longer delay. */
  private delayed(pair: Pair): (data: Buffer) => void {
    let lastDue = 0;
    return (data) => {
      const send = (): void => void (pair.lost || this.muted || !pair.client.writable || pair.client.write(data));
      const now = performance.now();
      if (this.delayMs === 0 && now > lastDue) return send();
      lastDue = Math.max(now + this.delayMs, lastDue + 1);
      setTimeout(send, lastDue - now);
    };
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

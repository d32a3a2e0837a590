// A small TCP proxy that stands between the service and a database or cache and fails on command.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

interface Pair {
  readonly client: Socket;
  readonly upstream: Socket;
}

export class Proxy {
  private readonly pairs = new Set<Pair>();
  private silent = false;
  private delayMs = 0;
  private server: Server | undefined;

  private constructor(
    private readonly target: URL,
    private readonly port: number,
  ) {}

  /** @param target the URL of what it stands before, port included */
  static async start(target: string): Promise<Proxy> {
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address() as AddressInfo;
    probe.close();
    await once(probe, 'close');
    const proxy = new Proxy(new URL(target), port);
    await proxy.restore();
    return proxy;
  }

  /** The target's URL by way of the proxy. */
  url(target: string): string {
    return Object.assign(new URL(target), { hostname: '127.0.0.1', port: String(this.port) }).href;
  }

  /** As if nothing listened there any more: open connections are reset, new ones refused. */
  async refuse(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    const closed = server && once(server, 'close');
    server?.close();
    this.reset();
    await closed;
  }

  /** Everything sent, on old connections and new ones, is swallowed and never answered. */
  blackHole(): void {
    this.silent = true;
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

  /** New connections work. What a black hole swallowed is lost, so its connections are dead, as after a firewall forgot them. */
  async restore(): Promise<void> {
    this.silent = false;
    this.delayMs = 0;
    if (this.server) return;
    this.server = createServer((client) => this.accept(client)).listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
  }

  async stop(): Promise<void> {
    await this.refuse();
  }

  private accept(client: Socket): void {
    const upstream = connect(Number(this.target.port), this.target.hostname);
    const pair = { client, upstream };
    let lost = this.silent;
    const forward = (to: Socket, delayMs: () => number) => {
      let lastDue = 0;
      return (data: Buffer): void => {
        lost ||= this.silent;
        if (lost) return;
        // Never overtaking what was sent before it under a longer delay.
        const due = Math.max(performance.now() + delayMs(), lastDue + 1);
        if (delayMs() === 0 && lastDue < performance.now()) to.write(data);
        else setTimeout(() => to.writable && to.write(data), (lastDue = due) - performance.now());
      };
    };
    this.pairs.add(pair);
    client.on('data', forward(upstream, () => 0)).on('error', () => undefined);
    upstream.on('data', forward(client, () => this.delayMs)).on('error', () => undefined);
    client.on('close', () => {
      this.pairs.delete(pair);
      upstream.destroy();
    });
    upstream.on('close', () => lost || client.destroy());
  }
}

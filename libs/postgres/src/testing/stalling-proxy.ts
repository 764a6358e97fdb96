import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A way to a server that can be made to carry nothing, as if the server had been stopped, or to be closed. */
export class StallingProxy {
  private server: Server | undefined;
  private port = 0;
  private isStalled = false;
  private readonly sockets = new Set<Socket>();

  constructor(private readonly target: URL) {}

  async open(): Promise<void> {
    this.server = createServer((inside) => {
      const outside = connect(Number(this.target.port || 5432), this.target.hostname);
      this.join(inside, outside);
      this.join(outside, inside);
    });
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  /** The target's, by way of this. */
  urlOf(url: string): string {
    const own = new URL(url);
    own.host = `127.0.0.1:${this.port}`;
    return own.href;
  }

  stall(): void {
    this.isStalled = true;
    for (const socket of this.sockets) socket.pause();
  }

  resume(): void {
    this.isStalled = false;
    for (const socket of this.sockets) socket.resume();
  }

  async close(): Promise<void> {
    const { server } = this;
    if (server === undefined) return;
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
    this.server = undefined;
  }

  private join(from: Socket, to: Socket): void {
    this.sockets.add(from);
    from.on('data', (bytes) => to.write(bytes));
    from.on('end', () => to.end());
    from.on('error', () => to.destroy());
    from.once('close', () => {
      this.sockets.delete(from);
      // A stopped server still gets what had been sent to it before.
      if (!this.isStalled) to.destroy();
    });
    if (this.isStalled) from.pause();
  }
}

import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Stands between a client and a server on loopback, so that a test can cut, stall and refuse what goes through. */
export class TcpProxy {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private isStalled = false;

  private constructor(private readonly targetPort: number) {
    this.server = createServer((client) => this.join(client));
  }

  static async to(targetPort: number): Promise<TcpProxy> {
    const proxy = new TcpProxy(targetPort);
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** All connections go down at once, as when a process is killed; new ones are taken. */
  cut(): void {
    for (const socket of this.sockets) {
      // Node leaves a socket open, and the process alive, that is reset while its own end is on its way.
      if (socket.writableEnded) socket.destroy();
      else socket.resetAndDestroy();
    }
  }

  /** Nothing is read from either side until `resume`; new connections are joined and stalled too. */
  stall(): void {
    this.isStalled = true;
    for (const socket of this.sockets) socket.pause();
  }

  resume(): void {
    this.isStalled = false;
    for (const socket of this.sockets) socket.resume();
  }

  /** Cuts, and refuses new connections from now on. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.cut();
    await closed;
  }

  private join(client: Socket): void {
    const server = connect(this.targetPort, '127.0.0.1');
    this.add(client, server);
    this.add(server, client);
  }

  private add(socket: Socket, other: Socket): void {
    this.sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('data', (bytes) => {
      if (other.write(bytes)) return;
      socket.pause();
      other.once('drain', () => {
        if (!this.isStalled) socket.resume();
      });
    });
    socket.on('error', () => other.destroy());
    socket.on('close', () => {
      this.sockets.delete(socket);
      other.destroy();
    });
    if (this.isStalled) socket.pause();
  }
}

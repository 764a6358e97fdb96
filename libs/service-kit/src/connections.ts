import type { Server } from 'node:http';
import type { Server as SecureServer } from 'node:https';
import type { Socket } from 'node:net';

/**
 * The open connections of a server, and what each was asked last. Node.js no longer looks for late requests once a server
 * closes, and waits for a connection on which nothing ever came: without this, one silent client would hold up every end.
 */
export class Connections<Asked> {
  private readonly latest = new Map<Socket, Asked | undefined>();
  private isOver = false;

  /** From before the server listens. */
  follow(server: Server | SecureServer): void {
    server.on('connection', (socket: Socket) => {
      if (this.isOver) return void socket.destroy();
      this.latest.set(socket, undefined);
      socket.once('close', () => this.latest.delete(socket));
    });
  }

  asked(socket: Socket, asked: Asked): void {
    this.latest.set(socket, asked);
  }

  /** Ends those that the rule holds for, by what they were asked last, once what was answered on them is sent. */
  endWhere(isUnused: (asked: Asked | undefined) => boolean): void {
    for (const [socket, asked] of this.latest) if (isUnused(asked)) socket.destroySoon();
  }

  /** Closes every connection at once, and from now on each new one. */
  end(): void {
    this.isOver = true;
    for (const socket of this.latest.keys()) socket.destroy();
  }
}

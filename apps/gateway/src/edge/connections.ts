import type { Socket } from 'node:net';

import type { Exchange } from './exchange.js';

/**
 * The open connections and what each is asked at the moment. Node.js no longer looks for late requests once a server closes,
 * and waits for a connection on which nothing ever came: without this, one silent client would hold up every end.
 */
export class Connections {
  private readonly latest = new Map<Socket, Exchange | undefined>();

  opened(socket: Socket): void {
    this.latest.set(socket, undefined);
    socket.once('close', () => this.latest.delete(socket));
  }

  asked(socket: Socket, exchange: Exchange): void {
    this.latest.set(socket, exchange);
  }

  /** Ends those that wait for a request or are in the middle of its head, once what was answered on them is sent. */
  endUnasked(): void {
    this.endWhere((exchange) => exchange === undefined || exchange.isEnded);
  }

  /** Ends those also whose request has not arrived as a whole. */
  endIncomplete(): void {
    this.endWhere((exchange) => exchange === undefined || exchange.isEnded || !exchange.request.complete);
  }

  private endWhere(isUnused: (exchange: Exchange | undefined) => boolean): void {
    for (const [socket, exchange] of this.latest) if (isUnused(exchange)) socket.destroySoon();
  }
}

import type { Server, ServerResponse } from 'node:http';
import type { Server as SecureServer } from 'node:https';
import { Connections } from './connections.js';
import type { DrainParticipant } from './lifecycle.js';

/**
 * The HTTP port's part in the ordered stop: requests that are being handled are finished, while a connection that asks
 * nothing, or never finishes asking, holds nobody up.
 */
export class HttpConnections implements DrainParticipant {
  readonly name = 'http';
  private readonly connections = new Connections<never>();
  private handled = 0;

  /** From before the server listens. */
  follow(server: Server | SecureServer): void {
    this.connections.follow(server);
  }

  /** A request has arrived as a whole; it is handled until its response is closed. */
  handles(response: ServerResponse): void {
    this.handled++;
    response.once('close', () => this.handled--);
  }

  inFlight(): number {
    return this.handled;
  }

  /** Closes every connection, and from now on each new one. */
  end(): void {
    this.connections.end();
  }
}

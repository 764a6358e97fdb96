import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Clock, type Random, type Scheduler, SystemClock, SystemRandom, SystemScheduler } from '@rookery/runtime';
import { AgentCatalogue } from './agent-catalogue.js';
import { GrpcHealthProbe } from './health-probe.client.js';
import { ConsulHttpController, type HttpAnswer } from './consul.http.controller.js';

const HOST = '127.0.0.1';

export interface DevRegistryOptions {
  readonly clock?: Clock;
  readonly random?: Random;
  readonly scheduler?: Scheduler;
}

/**
 * A registry for one machine, in memory, that speaks the part of Consul's HTTP API that Rookery's driver uses. It listens on
 * loopback only, keeps nothing over a restart, and is no more than that: production runs Consul.
 */
export class DevRegistry {
  private readonly catalogue: AgentCatalogue;
  private readonly controller: ConsulHttpController;
  private readonly server: Server;
  private readonly closing = new AbortController();

  constructor(options: DevRegistryOptions = {}) {
    const { clock = new SystemClock(), random = new SystemRandom(), scheduler = new SystemScheduler() } = options;
    this.catalogue = new AgentCatalogue(clock, random, scheduler, new GrpcHealthProbe());
    const address = (): string => `${HOST}:${(this.server.address() as AddressInfo).port}`;
    this.controller = new ConsulHttpController({ catalogue: this.catalogue, random, scheduler, address });
    this.server = createServer((request, response) => void this.serve(request, response));
  }

  /** 0 takes a free port. Rejects when the port is taken. */
  async listen(port = 0): Promise<{ readonly url: string; readonly port: number }> {
    this.server.listen(port, HOST);
    await once(this.server, 'listening');
    const bound = (this.server.address() as AddressInfo).port;
    return { url: `http://${HOST}:${bound}`, port: bound };
  }

  /** Breaks every connection, as the end of its process would. */
  async close(): Promise<void> {
    this.closing.abort();
    this.catalogue.close();
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    try {
      const answer = await this.controller.answer(request, AbortSignal.any([gone.signal, this.closing.signal]));
      if (!response.destroyed) send(response, answer);
    } catch (error) {
      // A body that breaks off arrives here; there is nobody left to tell.
      if (!response.destroyed)
        send(response, { status: 500, text: error instanceof Error ? error.message : String(error) });
    }
  }
}

function send(response: ServerResponse, { status, headers, json, text }: HttpAnswer): void {
  const payload = Buffer.from(json === undefined ? (text ?? '') : JSON.stringify(json));
  const type = json === undefined ? 'text/plain; charset=utf-8' : 'application/json';
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': payload.length, ...headers }).end(payload);
}

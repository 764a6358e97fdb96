import * as grpc from '@grpc/grpc-js';
import { link } from '@rookery/contracts/messages';
import type { Clock, Scheduler } from '@rookery/runtime';

import { CHANNEL_OPTIONS, WINDOW_BYTES } from '../client/grpc-transport.js';
import type { ActorEntrance } from '../link/callee-actors.js';
import { LinkCallee } from '../link/link-callee.js';
import {
  DEFAULT_ACTOR_CREDIT_BYTES,
  MAX_FRAME_BYTES,
  DEFAULT_CALL_CREDIT,
  FULL_BATCH_BYTES,
  LINK_COLLECT_PATH,
  LINK_OPEN_PATH,
} from '../link/protocol.js';
import { TicketOffice } from '../link/ticket-office.js';
import { provesService } from '../security/service-proof.js';
import { type ServerSecurity, serverCredentials } from '../security/server-credentials.js';
import { plainStatus } from '../status/call-status.js';
import { StatusCode } from '../status/status-code.js';
import type { ActorGate, ActorPeer } from './actor-gate.port.js';
import { Dispatcher, type DispatcherOptions } from './dispatcher.js';
import { serviceErrorOf } from './grpc-metadata.mapper.js';
import { GrpcService } from './grpc-service.js';
import { Health } from './health.js';
import { widenReceiveWindows } from './receive-windows.js';
import { reflectionMethods } from './reflection.js';
import type { ServerMethod } from './server-method.js';

export interface RpcServerOptions extends DispatcherOptions {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly security: ServerSecurity;
  /** Who answers, as compared with whom callers expect. */
  readonly self: { readonly service: string; readonly instanceId: string; readonly incarnation: string };
  /** Calls that one caller may have unanswered on its link. Default 1,024. */
  readonly callCredit?: number;
}

export interface ActorGateOptions {
  /** Services whose actors may send here, beside those of this service. Default none. */
  readonly services?: readonly string[];
  /** Bytes of actor frames that one caller may have sent and not been told as taken. Default 4 MiB. */
  readonly creditBytes?: number;
}

type LinkStream = grpc.ServerDuplexStream<Buffer, Buffer>;
const identity = (bytes: Buffer): Buffer => bytes;
const CLOSE_LIMIT_MS = 1000;

/** Serves methods twice on one port, as plain gRPC and through the link, with health and reflection. */
export class RpcServer {
  readonly health = new Health();
  readonly dispatcher: Dispatcher;
  private readonly server = new grpc.Server(CHANNEL_OPTIONS);
  private readonly services: GrpcService;
  private readonly methods = new Map<string, ServerMethod>();
  private readonly links = new Set<LinkCallee>();
  private readonly tickets: TicketOffice;
  private actorEntrance: Omit<ActorEntrance, 'refusalOf'> | undefined;
  private actorServices: ReadonlySet<string> = new Set();
  /** Further links are refused: their callers have not heard yet that this server goes. */
  private isLeaving = false;
  private isDraining = false;

  constructor(private readonly options: RpcServerOptions) {
    this.dispatcher = new Dispatcher(options);
    this.tickets = new TicketOffice(options.clock, options.scheduler);
    this.services = new GrpcService(this.dispatcher, options.clock, () => this.isDraining);
    this.health.set('', false);
  }

  /** Full names of the services served, those of the platform left out. */
  get serviceNames(): readonly string[] {
    return [...new Set(Array.from(this.methods.keys(), serviceOfPath))];
  }

  /** Callers that are connected by a link. */
  get openLinks(): number {
    return this.links.size;
  }

  /** Adds methods; all of a service at once. Before `listen`. */
  add(methods: readonly ServerMethod[]): void {
    for (const method of methods) this.methods.set(method.definition.path, method);
  }

  /** Takes actor frames, which are handed to `gate`. Once, before `listen`. Without it none is offered. */
  takeActors(gate: ActorGate, options: ActorGateOptions = {}): void {
    if (this.actorEntrance !== undefined) throw new Error('actor frames are taken already');
    const { creditBytes = DEFAULT_ACTOR_CREDIT_BYTES } = options;
    if (creditBytes < MAX_FRAME_BYTES) throw new RangeError(`credit of ${creditBytes} bytes lets no frame through`);
    this.actorEntrance = { gate, creditBytes };
    this.actorServices = new Set([this.options.self.service, ...(options.services ?? [])]);
  }

  /**
   * Binds the port; 0 picks a free one. Rejects with the reason, such as a port in use; with DomainError PLAINTEXT_REFUSED
   * where other hosts would be served in plaintext without leave.
   */
  async listen(host: string, port: number): Promise<number> {
    const credentials = serverCredentials(this.options.security, host);
    for (const name of this.serviceNames) this.health.set(name, false);
    const own = [...this.health.methods(), ...reflectionMethods(() => [...this.serviceNames])];
    this.addToGrpc([...this.methods.values(), ...own]);
    this.addLink();
    const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
    return new Promise((resolve, reject) => {
      this.server.bindAsync(address, credentials, (error, bound) => {
        if (error !== null) return reject(error);
        widenReceiveWindows(this.server, WINDOW_BYTES);
        resolve(bound);
      });
    });
  }

  /** What the health protocol says of all services here. */
  setServing(isServing: boolean): void {
    this.health.setAll(isServing);
  }

  /**
   * Tells callers on links to send no more, and takes no further link; calls in work go on, and plain gRPC is still served.
   */
  goodbye(reason: string): void {
    this.isLeaving = true;
    for (const link of this.links) link.goodbye(reason);
  }

  /** Takes no more calls, waits for those in work, at most `limitMs`, then closes. Gives the number of calls cut off. */
  async drain(limitMs: number): Promise<number> {
    this.isDraining = true;
    this.goodbye('the server drains');
    let timer: { cancel(): void } | undefined;
    const limit = new Promise<void>((resolve) => (timer = this.options.scheduler.timer(limitMs, resolve)));
    await Promise.race([this.dispatcher.whenIdle(), limit]);
    timer?.cancel();
    const cut = this.dispatcher.inFlight;
    await this.close();
    return cut;
  }

  /** Closes at once what is open. */
  async close(): Promise<void> {
    this.isDraining = true;
    for (const link of this.links) link.end();
    this.tickets.close();
    this.health.close();
    await new Promise<void>((resolve) => {
      // A stream that never ends would keep tryShutdown waiting for ever.
      const timer = this.options.scheduler.timer(CLOSE_LIMIT_MS, () => {
        this.server.forceShutdown();
        resolve();
      });
      this.server.tryShutdown(() => {
        timer.cancel();
        resolve();
      });
    });
  }

  private addToGrpc(methods: readonly ServerMethod[]): void {
    const byService = new Map<string, ServerMethod[]>();
    for (const method of methods) {
      const service = serviceOfPath(method.definition.path);
      byService.set(service, [...(byService.get(service) ?? []), method]);
    }
    for (const group of byService.values()) {
      this.server.addService(this.services.definitionOf(group), this.services.implementationOf(group));
    }
  }

  private addLink(): void {
    const codec = {
      requestSerialize: identity,
      requestDeserialize: identity,
      responseSerialize: identity,
      responseDeserialize: identity,
    };
    this.server.addService(
      {
        Open: { path: LINK_OPEN_PATH, originalName: 'open', requestStream: true, responseStream: true, ...codec },
        Collect: {
          path: LINK_COLLECT_PATH,
          originalName: 'collect',
          requestStream: false,
          responseStream: false,
          ...codec,
        },
      },
      {
        open: (stream: LinkStream) => this.openLink(stream),
        collect: (call: grpc.ServerUnaryCall<Buffer, Buffer>, reply: grpc.sendUnaryData<Buffer>) =>
          this.collect(call.request, reply),
      },
    );
  }

  private openLink(stream: LinkStream): void {
    const { clock, scheduler, self, callCredit } = this.options;
    let isEnded = false;
    const callee: LinkCallee = new LinkCallee({
      sink: {
        write: (batch, onWritten) => {
          if (!isEnded) stream.write(batch, onWritten);
        },
        end: () => {
          isEnded = true;
          stream.end();
        },
        destroy: (reason) => {
          isEnded = true;
          stream.emit('error', { code: StatusCode.UNAVAILABLE, details: reason });
        },
      },
      clock,
      scheduler,
      self,
      peer: stream.getPeer(),
      callCredit: callCredit ?? DEFAULT_CALL_CREDIT,
      methods: this.methods,
      dispatcher: this.dispatcher,
      tickets: this.tickets,
      actors: this.actorsBy(stream),
      isDraining: () => this.isLeaving || this.isDraining,
      onClosed: () => this.links.delete(callee),
    });
    this.links.add(callee);
    stream.on('data', (batch: Buffer) => {
      callee.receive(batch);
      if (batch.length >= FULL_BATCH_BYTES) this.pauseForTurn(stream);
    });
    stream.on('end', () => callee.end());
    stream.on('cancelled', () => callee.ended('the caller is gone'));
    stream.on('error', (error: Error) => callee.ended(error.message));
  }

  /** Full batches follow each other for milliseconds on end, and nothing else would be read or written meanwhile. */
  private pauseForTurn(stream: LinkStream): void {
    stream.pause();
    this.options.scheduler.macrotask(() => stream.resume());
  }

  private actorsBy(stream: LinkStream): ActorEntrance | undefined {
    if (this.actorEntrance === undefined) return undefined;
    return { ...this.actorEntrance, refusalOf: (peer) => this.refusalOfActors(peer, stream) };
  }

  /** In plaintext everybody is believed; over TLS the certificate has to say the same. */
  private refusalOfActors({ service }: ActorPeer, stream: LinkStream): string | undefined {
    const { self, security } = this.options;
    if (!this.actorServices.has(service)) return `actors of ${service} may not send to ${self.service}`;
    if (security.tls === undefined || provesService(stream.getAuthContext().sslPeerCertificate, service)) {
      return undefined;
    }
    return `no certificate says that the sender is ${service}`;
  }

  private collect(request: Buffer, reply: grpc.sendUnaryData<Buffer>): void {
    const payload = this.tickets.collect(ticketOf(request));
    if (payload === undefined) {
      reply(serviceErrorOf(plainStatus(StatusCode.NOT_FOUND, 'no response waits under this ticket')));
    } else {
      reply(null, Buffer.from(link.CollectResponse.encode({ payload }).finish()));
    }
  }
}

/** What is no request holds no ticket. */
function ticketOf(request: Buffer): Uint8Array {
  try {
    return link.CollectRequest.decode(request).ticket;
  } catch {
    return new Uint8Array();
  }
}

function serviceOfPath(path: string): string {
  return path.slice(1, path.lastIndexOf('/'));
}

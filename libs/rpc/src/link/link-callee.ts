import { randomBytes } from 'node:crypto';

import { link } from '@rookery/contracts/messages';
import type { Cancellable, Clock, Scheduler } from '@rookery/runtime';

import type { Arrival, ServerCall } from '../server/server-call.js';
import type { Dispatcher, Replier } from '../server/dispatcher.js';
import type { ServerMethod } from '../server/server-method.js';
import { type CallStatus, plainStatus } from '../status/call-status.js';
import { StatusCode } from '../status/status-code.js';
import { CallTable } from './call-table.js';
import { type ActorEntrance, CalleeActors } from './callee-actors.js';
import { decodePayload, faultOfBatch, type IncomingCall, type IncomingReply } from './frame-reader.js';
import { calleeHello, type LinkPeer, refusalOfHello } from './handshake.js';
import { Liveness } from './liveness.js';
import { type BatchSink, Outbox } from './outbox.js';
import * as protocol from './protocol.js';
import type { TicketOffice } from './ticket-office.js';

export interface LinkCalleeOptions {
  readonly sink: BatchSink;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly self: LinkPeer;
  readonly peer: string;
  readonly callCredit: number;
  readonly methods: ReadonlyMap<string, ServerMethod>;
  readonly dispatcher: Dispatcher;
  readonly tickets: TicketOffice;
  /** Where absent, no actor frames are taken. */
  readonly actors?: ActorEntrance | undefined;
  readonly isDraining: () => boolean;
  readonly onClosed: () => void;
}

/** Calls refused in a row that are still answered; a peer that goes on is no peer of ours. */
const PATIENCE = 4096;
const LONGEST_NAME = 200;

/** The callee's end of one link. A state machine over bytes: it knows no socket. */
export class LinkCallee implements Replier {
  private readonly outbox: Outbox;
  private readonly liveness: Liveness;
  private readonly methodsByNumber = new Map<number, ServerMethod | string>();
  /** Calls in work whose caller waits. */
  private readonly callOf = new CallTable<ServerCall>();
  /** Control frames go first: a cancellation may overtake its call. */
  private readonly cancelledEarly = new Set<number>();
  private readonly patience: Cancellable;
  private actors: CalleeActors | undefined;
  /** When the batch that is being read arrived: from then on the time runs that its calls have left. */
  private receivedAt = 0;
  private lastSeenId = 0;
  private lastAcceptedId = 0;
  private excess = 0;
  /** Known from the handshake on. */
  private caller: link.Hello | undefined;
  private hasSaidGoodbye = false;
  private isClosed = false;

  constructor(private readonly options: LinkCalleeOptions) {
    const { sink, clock, scheduler } = options;
    this.outbox = new Outbox(sink, scheduler, {
      unblocked: () => (this.excess = 0),
      actorsUnblocked: () => undefined,
      overflowed: () => this.close('the caller does not read'),
    });
    this.liveness = new Liveness(clock, scheduler, {
      ping: () => this.outbox.control({ ping: { nonce: 0 } }),
      suspect: () => undefined,
      recovered: () => undefined,
      dead: () => this.close('no answer to five pings'),
    });
    this.patience = scheduler.timer(protocol.HANDSHAKE_TIMEOUT_MS, () => this.close('no handshake'));
  }

  /** Calls of this caller that are in work. */
  get load(): number {
    return this.callOf.size;
  }

  receive(batch: Uint8Array): void {
    if (this.isClosed) return;
    this.receivedAt = this.options.clock.monotonic();
    this.liveness.heard(this.receivedAt);
    const fault = faultOfBatch(batch, this);
    if (fault !== undefined) this.close(fault);
  }

  ended(reason: string): void {
    this.close(reason);
  }

  /** Tells the caller that no further call will be taken. Calls in work go on. */
  goodbye(reason: string): void {
    if (this.hasSaidGoodbye || this.isClosed) return;
    this.hasSaidGoodbye = true;
    this.outbox.control({ goodbye: { lastAcceptedId: this.lastAcceptedId, reason } });
  }

  /** Ends the link after what was written. */
  end(): void {
    if (this.isClosed) return;
    this.outbox.end();
    this.finish('the server closed');
  }

  close(reason: string): void {
    if (this.isClosed) return;
    // First: a stream that is destroyed says so at once, and this is the reason to be told.
    this.isClosed = true;
    this.outbox.destroy(reason);
    this.finish(reason);
  }

  onCall(incoming: IncomingCall): void {
    if (this.isClosed) return;
    if (this.caller === undefined) return this.close('a call before the handshake');
    const { id } = incoming;
    if (!Number.isSafeInteger(id) || id <= this.lastSeenId)
      return this.close(`call ${id} after call ${this.lastSeenId}`);
    this.lastSeenId = id;
    const method = this.methodOf(incoming);
    if (method === undefined) return this.close(`more than ${protocol.MAX_METHODS} methods`);
    if (this.cancelledEarly.size > 0 && this.cancelledEarly.delete(id)) return;
    const refusal = this.refusalOf(incoming, method);
    if (refusal !== undefined) return this.answerFailure(id, refusal);
    if (typeof method === 'string') return;
    this.lastAcceptedId = id;
    this.serve(incoming, method);
  }

  onReply(_reply: IncomingReply): void {
    // Replies flow the other way.
  }

  /** They go on after a goodbye, for actors have something to hand over then. */
  onActors(payload: Uint8Array): void {
    const { caller } = this;
    const { actors } = this.options;
    if (this.isClosed) return;
    if (caller === undefined) return this.close('actors before the handshake');
    if (actors === undefined) return;
    this.actors ??= new CalleeActors(actors, caller, this.outbox, (reason) => this.close(reason));
    this.actors.receive(payload);
  }

  onControl(frame: link.Frame): void {
    if (this.isClosed) return;
    if (frame.hello !== undefined) return this.onHello(frame.hello);
    if (this.caller === undefined) return this.close('a frame before the handshake');
    if (frame.ping !== undefined) return this.outbox.control({ pong: { nonce: frame.ping.nonce } });
    if (frame.cancel !== undefined) this.onCancel(frame.cancel.id);
  }

  succeed(call: ServerCall, response: unknown): void {
    if (this.isClosed || call.isAbandoned) return;
    const { id } = call.arrival;
    const { definition } = call.method;
    const { frames } = this.outbox;
    const payload = frames.reply(id, response, definition.response, call.headers, call.trailers);
    this.callOf.delete(id);
    if (payload !== undefined) this.answerByTicket(id, call, payload);
    else this.outbox.schedule();
  }

  fail(call: ServerCall, status: CallStatus): void {
    if (call.isAbandoned) return;
    this.callOf.delete(call.arrival.id);
    this.answerFailure(call.arrival.id, status, call);
  }

  /** The caller's credit is free again at once; the handler counts against the server's own limit until it ends. */
  private onCancel(id: number): void {
    const call = this.callOf.get(id);
    if (call !== undefined) {
      this.callOf.delete(id);
      call.abandon('the caller cancelled');
    } else if (id > this.lastSeenId && this.cancelledEarly.size < this.options.callCredit) {
      this.cancelledEarly.add(id);
    }
  }

  private serve(incoming: IncomingCall, method: ServerMethod): void {
    const { peer, dispatcher } = this.options;
    const arrival: Arrival = {
      transport: 'link',
      id: incoming.id,
      peer,
      deadlineAt: incoming.remainingMs === undefined ? undefined : this.receivedAt + incoming.remainingMs,
      traceparent: incoming.traceparent,
      authorization: incoming.authorization,
      metadata: incoming.metadata,
      attempt: incoming.attempt,
    };
    let request: unknown;
    let isReadable = true;
    try {
      request = decodePayload(method.definition.request, incoming.reader, incoming.payloadBytes);
    } catch {
      isReadable = false;
    }
    const call = dispatcher.unary(method, arrival, request, isReadable, this);
    if (!call.isDone) this.callOf.set(incoming.id, call);
  }

  /** What the call asks for: a method, a name that is none, or undefined when the caller numbers too many. */
  private methodOf({ path, methodNumber }: IncomingCall): ServerMethod | string | undefined {
    if (path !== '') {
      if (methodNumber > protocol.MAX_METHODS) return undefined;
      const method = this.options.methods.get(path);
      const isUnary = method !== undefined && !method.definition.requestStream && !method.definition.responseStream;
      this.methodsByNumber.set(methodNumber, isUnary ? method : path.slice(0, LONGEST_NAME));
    }
    return this.methodsByNumber.get(methodNumber) ?? `number ${methodNumber}`;
  }

  private refusalOf(incoming: IncomingCall, method: ServerMethod | string): CallStatus | undefined {
    if (this.hasSaidGoodbye || this.options.isDraining()) {
      return plainStatus(StatusCode.UNAVAILABLE, `${this.options.self.instanceId} is leaving`, true);
    }
    if (typeof method === 'string') return plainStatus(StatusCode.UNIMPLEMENTED, `unknown method ${method}`, true);
    const hasCredit = this.callOf.size < this.options.callCredit;
    if (hasCredit && this.outbox.backlogBytes < protocol.MAX_BACKLOG_BYTES) return undefined;
    if (++this.excess > PATIENCE) this.close('the caller sends on without credit, or without reading');
    const reason = hasCredit ? 'the caller does not read its replies' : 'it exceeds the credit of this link';
    return plainStatus(StatusCode.RESOURCE_EXHAUSTED, `call ${incoming.id} is refused: ${reason}`, true);
  }

  private answerFailure(id: number, status: CallStatus, call?: ServerCall): void {
    if (this.isClosed) return;
    this.outbox.frames.failure(id, status, call?.headers);
    this.outbox.schedule();
  }

  private answerByTicket(id: number, call: ServerCall, payload: Buffer): void {
    if (payload.length > protocol.MAX_MESSAGE_BYTES) {
      const limit = `response of ${payload.length} bytes is larger than ${protocol.MAX_MESSAGE_BYTES}`;
      this.answerFailure(id, plainStatus(StatusCode.RESOURCE_EXHAUSTED, limit), call);
      return;
    }
    const ticket = randomBytes(16);
    if (!this.options.tickets.keep(ticket, payload, call.deadlineAt)) {
      const full = 'too many large responses wait to be collected';
      this.answerFailure(id, plainStatus(StatusCode.RESOURCE_EXHAUSTED, full), call);
      return;
    }
    if (this.outbox.frames.ticket(id, ticket, call.headers, call.trailers)) return this.outbox.schedule();
    this.options.tickets.collect(ticket);
    this.answerFailure(id, plainStatus(StatusCode.RESOURCE_EXHAUSTED, 'the metadata of the response is too large'));
  }

  private onHello(hello: link.Hello): void {
    if (this.caller !== undefined) return this.close('a second handshake');
    const { self, callCredit, actors, isDraining } = this.options;
    const refusal = refusalOfHello(hello, self, isDraining());
    this.outbox.control({ hello: calleeHello(self, { callCredit, actorCredit: actors?.creditBytes }, refusal) });
    if (refusal !== undefined) return this.end();
    this.caller = hello;
    this.patience.cancel();
    if (hello.maxFrameBytes > 0) this.outbox.frames.limit(hello.maxFrameBytes);
    this.liveness.start();
  }

  private finish(reason: string): void {
    this.isClosed = true;
    this.liveness.stop();
    this.patience.cancel();
    for (const call of this.callOf.values()) call.abandon(reason);
    this.callOf.clear();
    this.actors?.close(reason);
    this.options.onClosed();
  }
}

import { randomBytes } from 'node:crypto';

import { link } from '@rookery/contracts/messages';
import type { Clock, Scheduler } from '@rookery/runtime';

import type { Arrival, ServerCall } from '../server/server-call.js';
import type { Dispatcher, Replier } from '../server/dispatcher.js';
import type { ServerMethod } from '../server/server-method.js';
import { type CallStatus, plainStatus } from '../status/call-status.js';
import { StatusCode } from '../status/status-code.js';
import { CallTable } from './call-table.js';
import { type IncomingCall, type IncomingReply, readBatch } from './frame-reader.js';
import { Liveness } from './liveness.js';
import { type BatchSink, Outbox } from './outbox.js';
import * as protocol from './protocol.js';
import type { TicketOffice } from './ticket-office.js';

export interface LinkCalleeOptions {
  readonly sink: BatchSink;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly self: { readonly service: string; readonly instanceId: string; readonly incarnation: string };
  readonly peer: string;
  readonly callCredit: number;
  readonly methods: ReadonlyMap<string, ServerMethod>;
  readonly dispatcher: Dispatcher;
  readonly tickets: TicketOffice;
  readonly isDraining: () => boolean;
  readonly onClosed: () => void;
}

/** Calls beyond the credit that are still answered; a peer that goes on is no peer of ours. */
const PATIENCE = 4096;

/** The callee's end of one link. A state machine over bytes: it knows no socket. */
export class LinkCallee implements Replier {
  private readonly outbox: Outbox;
  private readonly liveness: Liveness;
  private readonly methodsByNumber = new Map<number, ServerMethod | string>();
  private readonly callOf = new CallTable<ServerCall>();
  private lastAcceptedId = 0;
  private excess = 0;
  private isGreeted = false;
  private hasSaidGoodbye = false;
  private isClosed = false;

  constructor(private readonly options: LinkCalleeOptions) {
    const { sink, clock, scheduler } = options;
    this.outbox = new Outbox(sink, scheduler, protocol.MAX_FRAME_BYTES, () => undefined);
    this.liveness = new Liveness(clock, scheduler, {
      ping: () => this.outbox.control({ ping: { nonce: 0 } }),
      suspect: () => undefined,
      recovered: () => undefined,
      dead: () => this.close('no answer to five pings'),
    });
  }

  receive(batch: Uint8Array): void {
    if (this.isClosed) return;
    this.liveness.heard();
    try {
      readBatch(batch, this);
    } catch (error) {
      this.close(`unreadable batch: ${error instanceof Error ? error.message : String(error)}`);
    }
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
    this.outbox.destroy(reason);
    this.finish(reason);
  }

  onCall(incoming: IncomingCall): void {
    if (!this.isGreeted) return this.close('a call before the handshake');
    const { id } = incoming;
    const method = this.methodOf(incoming);
    const refusal = this.refusalOf(incoming, method);
    if (refusal !== undefined) {
      this.answerFailure(id, refusal);
      return;
    }
    if (typeof method === 'string') return;
    this.lastAcceptedId = id;
    this.serve(incoming, method);
  }

  onReply(_reply: IncomingReply): void {
    // Replies flow the other way.
  }

  onControl(frame: link.Frame): void {
    if (frame.hello !== undefined) return this.onHello(frame.hello);
    if (!this.isGreeted) return this.close('a frame before the handshake');
    if (frame.ping !== undefined) return this.outbox.control({ pong: { nonce: frame.ping.nonce } });
    if (frame.cancel !== undefined) this.callOf.get(frame.cancel.id)?.abort('the caller cancelled');
  }

  succeed(call: ServerCall, response: unknown): void {
    if (this.isClosed) return;
    const { id } = call.arrival;
    const { definition } = call.method;
    const { frames } = this.outbox;
    const payload = frames.reply(id, response, definition.response.encode, call.headers, call.trailers);
    this.callOf.delete(id);
    if (payload !== undefined) this.answerByTicket(id, call, payload);
    else this.outbox.schedule();
  }

  fail(call: ServerCall, status: CallStatus): void {
    this.callOf.delete(call.arrival.id);
    this.answerFailure(call.arrival.id, status, call);
  }

  private serve(incoming: IncomingCall, method: ServerMethod): void {
    const { clock, peer, dispatcher } = this.options;
    const arrival: Arrival = {
      transport: 'link',
      id: incoming.id,
      peer,
      deadlineAt: incoming.remainingMs === undefined ? undefined : clock.monotonic() + incoming.remainingMs,
      traceparent: incoming.traceparent,
      authorization: incoming.authorization,
      metadata: incoming.metadata,
      attempt: incoming.attempt,
    };
    let request: unknown;
    let isReadable = true;
    try {
      request = method.definition.request.decode(incoming.reader, incoming.payloadBytes);
    } catch {
      isReadable = false;
    }
    const call = dispatcher.unary(method, arrival, request, isReadable, this);
    if (!call.isDone) this.callOf.set(incoming.id, call);
  }

  private methodOf(incoming: IncomingCall): ServerMethod | string {
    if (incoming.path !== '') {
      const method = this.options.methods.get(incoming.path);
      const isUnary = method !== undefined && !method.definition.requestStream && !method.definition.responseStream;
      this.methodsByNumber.set(incoming.methodNumber, isUnary ? method : incoming.path);
    }
    return this.methodsByNumber.get(incoming.methodNumber) ?? `number ${incoming.methodNumber}`;
  }

  private refusalOf(incoming: IncomingCall, method: ServerMethod | string): CallStatus | undefined {
    if (this.hasSaidGoodbye || this.options.isDraining()) {
      return plainStatus(StatusCode.UNAVAILABLE, `${this.options.self.instanceId} is leaving`, true);
    }
    if (typeof method === 'string') return plainStatus(StatusCode.UNIMPLEMENTED, `unknown method ${method}`, true);
    if (this.callOf.size < this.options.callCredit) return undefined;
    if (++this.excess > PATIENCE) this.close('the caller ignores its credit');
    return plainStatus(StatusCode.RESOURCE_EXHAUSTED, `call ${incoming.id} exceeds the credit of this link`, true);
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
    this.outbox.frames.ticket(id, ticket, call.headers, call.trailers);
    this.outbox.schedule();
  }

  private onHello(hello: link.Hello): void {
    const refusal = this.refuseHello(hello);
    const { self, callCredit } = this.options;
    const answer = {
      minVersion: protocol.MIN_VERSION,
      maxVersion: protocol.MAX_VERSION,
      service: self.service,
      instanceId: self.instanceId,
      incarnation: self.incarnation,
      callCredit,
      maxFrameBytes: protocol.MAX_FRAME_BYTES,
    };
    this.outbox.control({ hello: link.Hello.fromPartial(refusal === undefined ? answer : { ...answer, refusal }) });
    if (refusal === undefined) this.isGreeted = true;
    else this.end();
  }

  private refuseHello(hello: link.Hello): link.Refusal | undefined {
    const { self } = this.options;
    const { WRONG_INSTANCE, VERSION, DRAINING } = Reasons;
    if (hello.expectedInstanceId !== '' && hello.expectedInstanceId !== self.instanceId) {
      return { reason: WRONG_INSTANCE, message: `this is ${self.instanceId}, not ${hello.expectedInstanceId}` };
    }
    if (hello.expectedIncarnation !== '' && hello.expectedIncarnation !== self.incarnation) {
      return { reason: WRONG_INSTANCE, message: `${self.instanceId} has started anew` };
    }
    if (hello.maxVersion < protocol.MIN_VERSION || hello.minVersion > protocol.MAX_VERSION) {
      const spoken = `${protocol.MIN_VERSION} to ${protocol.MAX_VERSION}`;
      return { reason: VERSION, message: `this side speaks link versions ${spoken}` };
    }
    if (this.options.isDraining()) return { reason: DRAINING, message: `${self.instanceId} is leaving` };
    return undefined;
  }

  private finish(reason: string): void {
    this.isClosed = true;
    this.liveness.stop();
    for (const call of this.callOf.values()) call.abort(reason);
    this.callOf.clear();
    this.options.onClosed();
  }
}

const Reasons = {
  WRONG_INSTANCE: link.Refusal_Reason.REASON_WRONG_INSTANCE,
  VERSION: link.Refusal_Reason.REASON_VERSION,
  DRAINING: link.Refusal_Reason.REASON_DRAINING,
} as const;

import { link } from '@rookery/contracts/messages';
import type { MethodDefinition } from '@rookery/contracts/nest';
import type { Clock, Scheduler } from '@rookery/runtime';

import { type CallMetadata, type CallStatus, plainStatus } from '../status/call-status.js';
import { StatusCode } from '../status/status-code.js';
import { BoundedQueue } from './bounded-queue.js';
import { CallTable } from './call-table.js';
import { type IncomingCall, type IncomingReply, metadataOf, readBatch } from './frame-reader.js';
import { Liveness } from './liveness.js';
import { type BatchSink, Outbox } from './outbox.js';
import * as protocol from './protocol.js';

/** A unary call as the link sees it. Every call given to `send` ends by exactly one of the four answers. */
export interface LinkCall {
  readonly method: MethodDefinition<unknown, unknown>;
  readonly request: unknown;
  /** Monotonic milliseconds. */
  readonly deadlineAt: number;
  readonly traceparent: string | undefined;
  readonly authorization: string | undefined;
  readonly metadata: CallMetadata | undefined;
  readonly attempt: number;
  /** The link's number of the call; 0 while it was not sent. Kept by the link. */
  linkId: number;
  succeed(response: unknown, headers: CallMetadata | undefined, trailers: CallMetadata | undefined): void;
  fail(status: CallStatus, headers: CallMetadata | undefined): void;
  /** The link went while the call was on its way: whether it ran is unknown. */
  lost(reason: string): void;
  /** The payload is too large for a frame and was not sent. */
  tooLarge(payload: Buffer): void;
  /** The response was too large for a frame: it waits under a ticket. */
  collect(ticket: Uint8Array, headers: CallMetadata, trailers: CallMetadata): void;
}

export type LinkState = 'handshake' | 'ready' | 'suspect' | 'leaving' | 'closed';

export interface LinkCallerOptions {
  readonly sink: BatchSink;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly self: { readonly service: string; readonly instanceId: string; readonly incarnation: string };
  readonly expected: { readonly instanceId: string; readonly incarnation: string };
  readonly queueLimit: number;
  onState(state: LinkState, reason: string): void;
}

/** The caller's end of one link. A state machine over bytes: it knows no socket. */
export class LinkCaller {
  private readonly outbox: Outbox;
  private readonly queue: BoundedQueue<LinkCall>;
  private readonly liveness: Liveness;
  private readonly inFlight = new CallTable<LinkCall>();
  private readonly methodNumbers = new Map<MethodDefinition<unknown, unknown>, number>();
  private credit = 0;
  private lastId = 0;
  private current: LinkState = 'handshake';

  constructor(private readonly options: LinkCallerOptions) {
    const { sink, clock, scheduler, self, expected } = options;
    this.queue = new BoundedQueue(options.queueLimit);
    this.outbox = new Outbox(sink, scheduler, protocol.MAX_FRAME_BYTES, () => this.pump());
    this.liveness = new Liveness(clock, scheduler, {
      ping: () => this.outbox.control({ ping: { nonce: 0 } }),
      suspect: () => this.move('suspect', 'no answer to two pings'),
      recovered: () => this.recover(),
      dead: () => this.close('no answer to five pings'),
    });
    scheduler.timer(protocol.HANDSHAKE_TIMEOUT_MS, () => {
      if (this.current === 'handshake') this.close('no answer to the handshake');
    });
    const hello = {
      minVersion: protocol.MIN_VERSION,
      maxVersion: protocol.MAX_VERSION,
      service: self.service,
      instanceId: self.instanceId,
      incarnation: self.incarnation,
      expectedInstanceId: expected.instanceId,
      expectedIncarnation: expected.incarnation,
      maxFrameBytes: protocol.MAX_FRAME_BYTES,
    };
    this.outbox.control({ hello: link.Hello.fromPartial(hello) });
  }

  get state(): LinkState {
    return this.current;
  }

  /** Calls sent or waiting here. */
  get load(): number {
    return this.inFlight.size + this.queue.size;
  }

  /** Takes a call, or returns false when this link cannot take any: it was not sent then. */
  send(call: LinkCall): boolean {
    if (this.current !== 'ready' && this.current !== 'suspect') return false;
    if (this.credit > this.inFlight.size && !this.outbox.isBlocked && this.queue.size === 0) {
      this.write(call);
      return true;
    }
    return this.queue.push(call);
  }

  /** The caller no longer waits for the call. No answer follows. */
  cancel(call: LinkCall): void {
    if (call.linkId === 0) {
      this.queue.remove(call);
      return;
    }
    if (this.inFlight.get(call.linkId) !== call) return;
    this.inFlight.delete(call.linkId);
    if (this.current === 'closed') return;
    this.outbox.control({ cancel: { id: call.linkId } });
    this.pump();
  }

  /** Calls on their way now, for whoever must decide what to do with them when the peer falls silent. */
  callsInFlight(): LinkCall[] {
    return this.inFlight.values();
  }

  receive(batch: Uint8Array): void {
    if (this.current === 'closed') return;
    this.liveness.heard();
    try {
      readBatch(batch, this);
    } catch (error) {
      this.close(`unreadable batch: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** The stream ended or broke. */
  ended(reason: string): void {
    this.close(reason);
  }

  /** Takes no more calls and closes when those in flight have ended. */
  leave(reason: string): void {
    this.onGoodbye({ lastAcceptedId: this.lastId, reason });
  }

  close(reason: string): void {
    if (this.current === 'closed') return;
    this.liveness.stop();
    this.outbox.destroy(reason);
    const lost = this.callsInFlight();
    this.inFlight.clear();
    const unsent = this.queue.drain();
    this.move('closed', reason);
    for (const call of lost) call.lost(reason);
    for (const call of unsent) call.fail(plainStatus(StatusCode.UNAVAILABLE, reason, true), undefined);
  }

  onCall(_call: IncomingCall): void {
    // Calls flow one way; a peer that speaks a later version may try.
  }

  onReply(reply: IncomingReply): void {
    const call = this.settle(reply.id);
    if (call === undefined) return;
    let response: unknown;
    try {
      response = call.method.response.decode(reply.reader, reply.payloadBytes);
    } catch {
      const status = plainStatus(StatusCode.INTERNAL, `unreadable response of ${call.method.path}`);
      call.fail(status, reply.headers);
      return;
    }
    call.succeed(response, reply.headers, reply.trailers);
  }

  onControl(frame: link.Frame): void {
    if (frame.hello !== undefined) return this.onHello(frame.hello);
    if (frame.reply !== undefined) return this.onOtherReply(frame.reply);
    if (frame.ping !== undefined) return this.outbox.control({ pong: { nonce: frame.ping.nonce } });
    if (frame.goodbye !== undefined) return this.onGoodbye(frame.goodbye);
    if (frame.credit !== undefined) {
      this.credit = frame.credit.calls;
      this.pump();
    }
  }

  private onHello(hello: link.Hello): void {
    if (hello.refusal !== undefined) return this.close(`refused: ${hello.refusal.message}`);
    if (hello.minVersion > protocol.MAX_VERSION || hello.maxVersion < protocol.MIN_VERSION) {
      return this.close(`speaks link versions ${hello.minVersion} to ${hello.maxVersion}`);
    }
    this.credit = hello.callCredit;
    if (this.current === 'handshake') this.move('ready', 'handshake done');
  }

  private onOtherReply(reply: link.Reply): void {
    const call = this.settle(reply.id);
    if (call === undefined) return;
    const headers = metadataOf(reply.headers);
    if (reply.ticket.length > 0) return call.collect(reply.ticket, headers, metadataOf(reply.trailers));
    if (reply.code === StatusCode.OK) {
      return call.succeed(call.method.response.decode(reply.payload), headers, metadataOf(reply.trailers));
    }
    const status: CallStatus = {
      code: reply.code,
      message: reply.message,
      details: reply.details,
      isNotStarted: reply.notStarted,
      retryAfterMs: reply.retryAfterMs,
      trailers: metadataOf(reply.trailers),
    };
    call.fail(status, headers);
  }

  private onGoodbye(goodbye: link.Goodbye): void {
    if (this.current === 'closed') return;
    this.move('leaving', goodbye.reason);
    const refused = plainStatus(StatusCode.UNAVAILABLE, `${this.options.expected.instanceId} is leaving`, true);
    for (const call of this.queue.drain()) call.fail(refused, undefined);
    for (const [id, call] of this.inFlight.entries()) {
      if (id <= goodbye.lastAcceptedId) continue;
      this.inFlight.delete(id);
      call.fail(refused, undefined);
    }
    this.closeWhenIdle();
  }

  private settle(id: number): LinkCall | undefined {
    const call = this.inFlight.get(id);
    if (call === undefined) return undefined; // cancelled meanwhile
    this.inFlight.delete(id);
    if (this.queue.size > 0) this.pump();
    if (this.current === 'leaving') this.closeWhenIdle();
    return call;
  }

  private closeWhenIdle(): void {
    if (this.current !== 'leaving' || this.inFlight.size > 0) return;
    this.liveness.stop();
    this.outbox.end();
    this.move('closed', 'left');
  }

  private pump(): void {
    while (this.credit > this.inFlight.size && !this.outbox.isBlocked) {
      const call = this.queue.shift();
      if (call === undefined) return;
      this.write(call);
    }
  }

  private write(call: LinkCall): void {
    const { method } = call;
    let path: string | undefined;
    let methodNumber = this.methodNumbers.get(method);
    if (methodNumber === undefined) {
      methodNumber = this.methodNumbers.size + 1;
      path = method.path;
    }
    const id = ++this.lastId;
    const left = call.deadlineAt - this.options.clock.monotonic();
    const frame = {
      id,
      methodNumber,
      path,
      remainingMs: left === Number.POSITIVE_INFINITY ? undefined : Math.max(0, Math.floor(left)),
      traceparent: call.traceparent,
      authorization: call.authorization,
      metadata: call.metadata,
      attempt: call.attempt,
    };
    let payload: Buffer | undefined;
    try {
      payload = this.outbox.frames.call(frame, call.request, method.request.encode);
    } catch (error) {
      this.lastId--;
      const reason = error instanceof Error ? error.message : String(error);
      call.fail(plainStatus(StatusCode.INVALID_ARGUMENT, `request does not fit ${method.path}: ${reason}`), undefined);
      return;
    }
    if (payload !== undefined) {
      this.lastId--;
      call.tooLarge(payload);
      return;
    }
    if (path !== undefined) this.methodNumbers.set(method, methodNumber);
    call.linkId = id;
    this.inFlight.set(id, call);
    this.outbox.schedule();
  }

  private recover(): void {
    if (this.current === 'suspect') this.move('ready', 'answers again');
  }

  private move(state: LinkState, reason: string): void {
    if (this.current === state) return;
    this.current = state;
    this.options.onState(state, reason);
  }
}

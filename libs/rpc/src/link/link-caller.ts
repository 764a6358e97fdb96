import { link } from '@rookery/contracts/messages';
import { wireMs } from '@rookery/resilience';
import type { Cancellable, Clock, Scheduler } from '@rookery/runtime';

import { encodingError } from '../codec/encode-message.js';
import { plainStatus } from '../status/call-status.js';
import { statusOfError } from '../status/error.mapper.js';
import { StatusCode } from '../status/status-code.js';
import { answerByFrame, answerCall } from './answer-call.js';
import { BoundedQueue } from './bounded-queue.js';
import { CallTable } from './call-table.js';
import { CallerActors } from './caller-actors.js';
import { faultOfBatch, type IncomingCall, type IncomingReply } from './frame-reader.js';
import { callerHello, type ExpectedPeer, faultOfHello, type LinkPeer } from './handshake.js';
import type { LinkCall } from './link-call.port.js';
import { Liveness } from './liveness.js';
import { type BatchSink, Outbox } from './outbox.js';
import * as protocol from './protocol.js';

export type LinkState = 'handshake' | 'ready' | 'suspect' | 'leaving' | 'closed';

export interface LinkCallerOptions {
  readonly sink: BatchSink;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly self: LinkPeer;
  readonly expected: ExpectedPeer;
  readonly queueLimit: number;
  onState(state: LinkState, reason: string): void;
}

/** The caller's end of one link. A state machine over bytes: it knows no socket. */
export class LinkCaller {
  /** Why the link was not made, when that is known. */
  refusal: link.Refusal_Reason | undefined;
  readonly actors: CallerActors;
  private readonly outbox: Outbox;
  private readonly queue: BoundedQueue<LinkCall>;
  private readonly liveness: Liveness;
  private readonly inFlight = new CallTable<LinkCall>();
  private readonly methodNumbers = new Map<string, number>();
  private credit = 0;
  private lastId = 0;
  private current: LinkState = 'handshake';
  /** Bounds the handshake, and after the end the wait for the peer's. */
  private patience: Cancellable;

  constructor(private readonly options: LinkCallerOptions) {
    const { sink, clock, scheduler } = options;
    this.queue = new BoundedQueue(options.queueLimit);
    this.outbox = new Outbox(sink, scheduler, {
      unblocked: () => this.pump(),
      actorsUnblocked: () => this.actors.unblocked(),
      overflowed: () => this.close('the provider does not read'),
    });
    this.liveness = new Liveness(clock, scheduler, {
      ping: () => this.outbox.control({ ping: { nonce: 0 } }),
      suspect: () => this.suspect(),
      recovered: () => this.recover(),
      dead: () => this.close('no answer to five pings'),
    });
    this.actors = new CallerActors(this.outbox, scheduler, {
      fault: (reason) => this.close('it broke', reason),
      released: () => this.closeWhenIdle(),
    });
    this.patience = scheduler.timer(protocol.HANDSHAKE_TIMEOUT_MS, () => this.close('no answer to the handshake'));
    this.outbox.control({ hello: callerHello(options.self, options.expected) });
  }

  get state(): LinkState {
    return this.current;
  }

  /** Calls sent or waiting here. */
  get load(): number {
    return this.inFlight.size + this.queue.size;
  }

  /** Takes a call, or returns false when this link cannot take any: it was not sent then. */
  send(call: LinkCall, now = this.options.clock.monotonic()): boolean {
    if (this.current !== 'ready' && this.current !== 'suspect') return false;
    if (this.credit > this.inFlight.size && !this.outbox.isBlocked && this.queue.size === 0) {
      this.write(call, now);
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
    this.closeWhenIdle();
  }

  /** Calls sent or waiting, for whoever must decide what to do with them when the peer falls silent. */
  calls(): LinkCall[] {
    return [...this.inFlight.values(), ...this.queue];
  }

  receive(batch: Uint8Array): void {
    if (this.current === 'closed') return;
    this.liveness.heard(this.options.clock.monotonic());
    const fault = faultOfBatch(batch, this);
    if (fault !== undefined) this.close('it broke', fault);
  }

  /** The stream ended or broke; `detail` is what the layers below say of it. */
  ended(detail: string): void {
    this.close('it broke', detail);
    this.patience.cancel();
  }

  /** Takes no more calls and closes when those in flight have ended and no actors use it. */
  leave(reason: string): void {
    this.onGoodbye({ lastAcceptedId: this.lastId, reason });
  }

  /** Calls are told the reason, which may reach callers far away; who watches the link here is told the detail. */
  close(reason: string, detail = reason): void {
    if (this.current === 'closed') return;
    this.liveness.stop();
    this.patience.cancel();
    const { sentId } = this.outbox;
    this.outbox.destroy(reason);
    const sent = this.inFlight.values();
    const unsent = this.queue.drain();
    this.inFlight.clear();
    this.move('closed', detail);
    this.actors.ended(detail);
    const { instanceId } = this.options.expected;
    const status = plainStatus(StatusCode.UNAVAILABLE, `the connection to ${instanceId} was lost (${reason})`, true);
    for (const call of sent) {
      if (call.linkId <= sentId) call.lost(reason);
      else call.fail(status, undefined);
    }
    for (const call of unsent) call.fail(status, undefined);
  }

  onCall(_call: IncomingCall): void {
    // Calls flow one way; a peer that speaks a later version may try.
  }

  onReply(reply: IncomingReply): void {
    const call = this.settle(reply.id);
    if (call !== undefined) answerCall(call, reply.reader, reply.payloadBytes, reply.headers, reply.trailers);
  }

  onActors(payload: Uint8Array): void {
    this.actors.answered(payload);
  }

  onControl(frame: link.Frame): void {
    if (frame.hello !== undefined) return this.onHello(frame.hello);
    if (frame.reply !== undefined) {
      const call = this.settle(frame.reply.id);
      return call === undefined ? undefined : answerByFrame(call, frame.reply);
    }
    if (frame.ping !== undefined) return this.outbox.control({ pong: { nonce: frame.ping.nonce } });
    if (frame.goodbye !== undefined) return this.onGoodbye(frame.goodbye);
    if (frame.taken !== undefined) return this.actors.taken(frame.taken.frames);
    if (frame.actorRefusal !== undefined) return this.actors.refused(frame.actorRefusal.reason);
    if (frame.credit !== undefined) {
      this.credit = Math.min(frame.credit.calls, protocol.MAX_CALL_CREDIT);
      this.pump();
    }
  }

  private onHello(hello: link.Hello): void {
    if (this.current !== 'handshake') return this.close('a second handshake');
    const fault = faultOfHello(hello, this.options.expected);
    if (fault !== undefined) {
      this.refusal = fault.reason;
      return this.close(fault.message);
    }
    this.patience.cancel();
    this.credit = Math.min(hello.callCredit, protocol.MAX_CALL_CREDIT);
    if (hello.maxFrameBytes > 0) this.outbox.frames.limit(hello.maxFrameBytes);
    this.liveness.start();
    this.move('ready', 'handshake done');
    if (this.state !== 'closed') this.actors.greeted(hello);
  }

  private onGoodbye(goodbye: link.Goodbye): void {
    if (this.current === 'closed') return;
    this.move('leaving', goodbye.reason);
    const refused = plainStatus(StatusCode.UNAVAILABLE, `${this.options.expected.instanceId} is leaving`, true);
    for (const call of this.queue.drain()) call.fail(refused, undefined);
    for (const [id, call] of this.inFlight.entries()) {
      if (id <= goodbye.lastAcceptedId || this.inFlight.get(id) !== call) continue;
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
    if (this.current !== 'leaving' || this.inFlight.size > 0 || this.actors.isInUse) return;
    this.liveness.stop();
    this.outbox.end();
    const { scheduler, sink } = this.options;
    this.patience = scheduler.timer(protocol.LINGER_MS, () => sink.destroy('the provider does not end the link'));
    this.move('closed', 'left');
    this.actors.ended('left');
  }

  private pump(): void {
    while (this.credit > this.inFlight.size && !this.outbox.isBlocked) {
      const call = this.queue.shift();
      if (call === undefined) return;
      this.write(call, this.options.clock.monotonic());
    }
  }

  private write(call: LinkCall, now: number): void {
    const { method, deadlineAt } = call;
    if (deadlineAt <= now) {
      call.fail(
        plainStatus(StatusCode.DEADLINE_EXCEEDED, 'the deadline passed before the call was sent', true),
        undefined,
      );
      return;
    }
    const known = this.methodNumbers.get(method.path);
    const methodNumber = known ?? this.methodNumbers.size + 1;
    const id = this.lastId + 1;
    const frame = {
      id,
      methodNumber,
      path: known === undefined ? method.path : undefined,
      remainingMs: deadlineAt === Number.POSITIVE_INFINITY ? undefined : wireMs(deadlineAt, now),
      traceparent: call.traceparent,
      authorization: call.authorization,
      metadata: call.metadata,
      attempt: call.attempt,
    };
    let payload: Buffer | undefined;
    try {
      payload = this.outbox.frames.call(frame, call.request, method.request);
    } catch (error) {
      call.fail(statusOfError(encodingError(method.path, call.request, error)), undefined);
      return;
    }
    if (payload !== undefined) {
      call.tooLarge(payload);
      return;
    }
    // Beyond the last number each call names its path.
    if (known === undefined && methodNumber < protocol.MAX_METHODS) this.methodNumbers.set(method.path, methodNumber);
    this.lastId = id;
    call.linkId = id;
    this.inFlight.set(id, call);
    this.outbox.schedule(id);
  }

  private suspect(): void {
    // One that leaves stays what it is: it is never picked again.
    if (this.current === 'ready') this.move('suspect', 'no answer to two pings');
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

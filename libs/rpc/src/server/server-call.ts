import type { CallContext } from '@rookery/contracts/nest';
import type { Cancellable, Clock, Scheduler } from '@rookery/runtime';

import type { CallScope, Principal } from '../call-context.js';
import { type CallMetadata, metadataKey, NO_METADATA, TRACESTATE } from '../status/call-metadata.js';
import type { ServerMethod } from './server-method.js';

/** The longest that a timer of Node takes. */
const LONGEST_TIMER_MS = 0x7fff_ffff;

/** What the transport knows of a call when it arrives. */
export interface Arrival {
  readonly transport: 'link' | 'grpc';
  /** The call's number on its link; 0 for plain gRPC. */
  readonly id: number;
  readonly peer: string;
  /** Monotonic milliseconds. */
  readonly deadlineAt: number | undefined;
  readonly traceparent: string | undefined;
  readonly authorization: string | undefined;
  readonly metadata: CallMetadata | undefined;
  readonly attempt: number;
}

/** What a call on the server needs of the process around it. */
export interface CallSurroundings {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** The span of a call that came in with this traceparent. */
  spanOf(traceparent: string | undefined): string | undefined;
  /** What is passed on of a tracestate that came with this traceparent. */
  tracestateOf(traceparent: string | undefined, tracestate: string): string | undefined;
}

/** One call on the server: what the handler sees as context, and what calls made on its behalf inherit. */
export class ServerCall implements CallContext, CallScope {
  principal: Principal | undefined;
  headers: Map<string, string | Uint8Array> | undefined;
  trailers: Map<string, string | Uint8Array> | undefined;
  private controller: AbortController | undefined;
  private abortReason: Error | undefined;
  private deadline: Cancellable | undefined;
  private hasSpan = false;
  private span: string | undefined;
  private isEnded = false;
  private hasLostCaller = false;

  constructor(
    readonly method: ServerMethod,
    readonly arrival: Arrival,
    readonly startedAt: number,
    private readonly surroundings: CallSurroundings,
  ) {}

  /** Made when somebody asks: a handler that neither logs nor calls anybody never does. */
  get traceparent(): string | undefined {
    if (!this.hasSpan) {
      this.span = this.surroundings.spanOf(this.arrival.traceparent);
      this.hasSpan = true;
    }
    return this.span;
  }

  get tracestate(): string | undefined {
    const { metadata, traceparent } = this.arrival;
    const given = metadata?.get(TRACESTATE);
    return typeof given === 'string' ? this.surroundings.tracestateOf(traceparent, given) : undefined;
  }

  get deadlineAt(): number | undefined {
    return this.arrival.deadlineAt;
  }

  get metadata(): CallMetadata {
    return this.arrival.metadata ?? NO_METADATA;
  }

  get peer(): string {
    return this.arrival.peer;
  }

  get attempt(): number {
    return this.arrival.attempt;
  }

  /** The answer was given. */
  get isDone(): boolean {
    return this.isEnded;
  }

  /** Nobody waits for the answer any more. */
  get isAbandoned(): boolean {
    return this.hasLostCaller;
  }

  /** Why the signal was aborted, if it was. */
  get interruption(): Error | undefined {
    return this.abortReason;
  }

  /** Made when somebody asks: most handlers never do. */
  get signal(): AbortSignal {
    this.controller ??= this.makeController();
    return this.controller.signal;
  }

  /** The caller is gone. */
  abandon(reason: string): void {
    this.hasLostCaller = true;
    this.abort(reason);
  }

  /** The answer is given: the deadline has no meaning any more. */
  done(): void {
    this.isEnded = true;
    this.deadline?.cancel();
  }

  /** Throws TypeError when gRPC knows no such key or value. */
  setHeader(key: string, value: string | Uint8Array): void {
    this.headers ??= new Map();
    this.headers.set(metadataKey(key, value), value);
  }

  /** Throws TypeError when gRPC knows no such key or value. */
  setTrailer(key: string, value: string | Uint8Array): void {
    this.trailers ??= new Map();
    this.trailers.set(metadataKey(key, value), value);
  }

  private makeController(): AbortController {
    const controller = new AbortController();
    const { deadlineAt } = this.arrival;
    if (this.abortReason !== undefined) {
      controller.abort(this.abortReason);
    } else if (deadlineAt !== undefined && !this.isEnded) {
      const left = Math.min(deadlineAt - this.surroundings.clock.monotonic(), LONGEST_TIMER_MS);
      this.deadline = this.surroundings.scheduler.timer(left, () => this.abort('the deadline has passed'));
    }
    return controller;
  }

  private abort(reason: string): void {
    if (this.abortReason !== undefined || this.isEnded) return;
    this.abortReason = new DOMException(reason, 'AbortError');
    this.controller?.abort(this.abortReason);
  }
}

import type { CallContext } from '@rookery/contracts/nest';

import type { CallScope, Principal } from '../call-context.js';
import { type CallMetadata, NO_METADATA } from '../status/call-status.js';
import type { ServerMethod } from './server-method.js';

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

/** One call on the server: what the handler sees as context, and what calls made on its behalf inherit. */
export class ServerCall implements CallContext, CallScope {
  principal: Principal | undefined;
  traceparent: string | undefined;
  headers: Map<string, string | Uint8Array> | undefined;
  trailers: Map<string, string | Uint8Array> | undefined;
  /** The answer was given. */
  isDone = false;
  private controller: AbortController | undefined;
  private abortReason: Error | undefined;

  constructor(
    readonly method: ServerMethod,
    readonly arrival: Arrival,
    readonly startedAt: number,
  ) {
    this.traceparent = arrival.traceparent;
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

  /** Made when somebody asks: most handlers never do. */
  get signal(): AbortSignal {
    this.controller ??= new AbortController();
    if (this.abortReason !== undefined) this.controller.abort(this.abortReason);
    return this.controller.signal;
  }

  get isAborted(): boolean {
    return this.abortReason !== undefined;
  }

  abort(reason: string): void {
    if (this.abortReason !== undefined) return;
    this.abortReason = new Error(reason);
    this.controller?.abort(this.abortReason);
  }

  setHeader(key: string, value: string | Uint8Array): void {
    this.headers ??= new Map();
    this.headers.set(key.toLowerCase(), value);
  }

  setTrailer(key: string, value: string | Uint8Array): void {
    this.trailers ??= new Map();
    this.trailers.set(key.toLowerCase(), value);
  }
}

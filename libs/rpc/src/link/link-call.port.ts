import type { MethodDefinition } from '@rookery/contracts/nest';

import type { CallMetadata } from '../status/call-metadata.js';
import type { CallStatus } from '../status/call-status.js';

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
  /** The link went while the call was on its way: whether it ran is unknown. `reason` may be told to anybody. */
  lost(reason: string): void;
  /** The payload is too large for a frame and was not sent. */
  tooLarge(payload: Buffer): void;
  /** The response was too large for a frame: it waits under a ticket. */
  collect(ticket: Uint8Array, headers: CallMetadata, trailers: CallMetadata): void;
}

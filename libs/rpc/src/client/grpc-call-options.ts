import type { CallMetadata } from '../status/call-metadata.js';

/** What a call by plain gRPC carries besides its message. */
export interface GrpcCallOptions {
  /** Milliseconds left; undefined means no deadline. */
  readonly remainingMs: number | undefined;
  readonly traceparent: string | undefined;
  readonly authorization: string | undefined;
  readonly metadata: CallMetadata | undefined;
  readonly attempt: number;
}

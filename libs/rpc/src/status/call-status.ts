import { type CallMetadata, NO_METADATA } from './call-metadata.js';
import { StatusCode } from './status-code.js';

/** A `google.protobuf.Any`: what gRPC carries as error details. */
export interface StatusDetail {
  readonly typeUrl: string;
  readonly value: Uint8Array;
}

/** How a call failed, as it travels. */
export interface CallStatus {
  readonly code: number;
  readonly message: string;
  readonly details: readonly StatusDetail[];
  /** The handler was never entered, so any method may be tried elsewhere. */
  readonly isNotStarted: boolean;
  /** Server push-back: the pause it asks for before another attempt; negative forbids one. */
  readonly retryAfterMs: number | undefined;
  /** Trailing metadata of a failed call. */
  readonly trailers: CallMetadata;
  /** What is behind it, for the log of this process: it may name paths and addresses, and does not travel. */
  readonly cause?: unknown;
}

const CODE_NAMES = new Map<number, string>(Object.entries(StatusCode).map(([name, code]) => [code, name]));

/** `UNAVAILABLE` for 14; unknown numbers are `UNKNOWN`. */
export function statusName(code: number): string {
  return CODE_NAMES.get(code) ?? 'UNKNOWN';
}

/** A status without details. */
export function plainStatus(code: number, message: string, isNotStarted = false): CallStatus {
  return { code, message, details: [], isNotStarted, retryAfterMs: undefined, trailers: NO_METADATA };
}

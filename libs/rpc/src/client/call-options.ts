import type { CallOptions } from '@rookery/contracts/nest';
import type { Instance } from '@rookery/discovery';

import type { CallMetadata } from '../status/call-metadata.js';

/** What one call may ask of the pipeline, beyond what contracts let every caller ask. */
export interface ChannelCallOptions extends CallOptions {
  /** Only instances for which this holds are asked. */
  readonly eligible?: (instance: Instance) => boolean;
  /** Carried on as the current span instead of the surrounding scope's. */
  readonly traceparent?: string;
  /** Sent with that traceparent. */
  readonly tracestate?: string;
  /** Is told of the server's initial metadata, before the response. */
  readonly onHeaders?: (headers: CallMetadata) => void;
  /** Is told of trailing metadata, whether the call succeeded or failed. */
  readonly onTrailers?: (trailers: CallMetadata) => void;
}

/** What a unary call may ask besides. */
export interface UnaryCallOptions extends ChannelCallOptions {
  /** Calls of one key go to one instance, as if a field of the request held it; for methods whose contract names no field. */
  readonly routingKey?: string;
}

/** How long a call may take when neither its caller nor its surroundings say. */
export const DEFAULT_TIMEOUT_MS = 10_000;

/** Attempts of one call whose earlier attempts may have run. */
export const MAX_UNKNOWN_ATTEMPTS = 3;

/** Attempts of one call whose earlier attempts surely did not run. */
export const MAX_REFUSED_ATTEMPTS = 6;

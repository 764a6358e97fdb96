import * as grpc from '@grpc/grpc-js';

import type { CallMetadata } from '../status/call-metadata.js';
import { type CallStatus, plainStatus, type StatusDetail } from '../status/call-status.js';
import { decodeDetails } from '../status/error.mapper.js';
import type { GrpcCallOptions } from './grpc-call-options.js';

/** Trailers by which a server of ours tells more than gRPC can. */
export const NOT_STARTED_KEY = 'rookery-not-started';
export const ATTEMPT_KEY = 'grpc-previous-rpc-attempts';
export const PUSHBACK_KEY = 'grpc-retry-pushback-ms';
export const DETAILS_KEY = 'grpc-status-details-bin';
const PROTOCOL_KEYS = new Set([NOT_STARTED_KEY, PUSHBACK_KEY, DETAILS_KEY]);

export function metadataToGrpc(options: GrpcCallOptions): grpc.Metadata {
  const metadata = new grpc.Metadata();
  if (options.metadata !== undefined) addAll(metadata, options.metadata);
  if (options.traceparent !== undefined) metadata.set('traceparent', options.traceparent);
  if (options.authorization !== undefined) metadata.set('authorization', options.authorization);
  if (options.attempt > 0) metadata.set(ATTEMPT_KEY, String(options.attempt));
  return metadata;
}

export function addAll(into: grpc.Metadata, entries: CallMetadata): void {
  for (const [key, value] of entries) into.set(key, typeof value === 'string' ? value : Buffer.from(value));
}

/** Drops what belongs to the protocol. Of a key sent several times the last value counts. */
export function metadataFromGrpc(metadata: grpc.Metadata): CallMetadata {
  const entries = new Map<string, string | Uint8Array>();
  for (const [key, value] of Object.entries(metadata.getMap())) {
    if (!PROTOCOL_KEYS.has(key)) entries.set(key, value);
  }
  return entries;
}

/** How a call by plain gRPC failed. */
export interface GrpcFailure {
  readonly status: CallStatus;
  /** The connection went under the call: whether it ran is unknown. */
  readonly isLost: boolean;
}

/** What grpc-js says of calls that never left: it has a word for that and keeps it to itself. */
const NEVER_LEFT =
  /^(No connection established|Channel closed before call|Stream refused by server|Name resolution|Failed to start HTTP\/2 stream|Failed to connect)/;

/** What a failed gRPC call tells; `instanceId` is whom it was sent to. */
export function failureOf(error: grpc.ServiceError, instanceId: string): GrpcFailure {
  const { metadata, details } = error;
  // An answer comes with headers or trailers; what grpc-js makes up itself has none.
  const isOwn = error.code === grpc.status.UNAVAILABLE && Object.keys(metadata.getMap()).length === 0;
  if (!isOwn) return { status: statusOfServiceError(error), isLost: false };
  if (NEVER_LEFT.test(details)) {
    const status = plainStatus(error.code, `${instanceId} cannot be reached`, true);
    return { status: { ...status, cause: error }, isLost: false };
  }
  const status = plainStatus(error.code, `the connection to ${instanceId} was lost (it broke)`);
  return { status: { ...status, cause: error }, isLost: true };
}

function statusOfServiceError(error: grpc.ServiceError): CallStatus {
  const { metadata } = error;
  const details = metadata.get(DETAILS_KEY)[0];
  const pushback = metadata.get(PUSHBACK_KEY)[0];
  return {
    code: error.code,
    message: error.details,
    details: Buffer.isBuffer(details) ? readableDetails(details) : [],
    isNotStarted: metadata.get(NOT_STARTED_KEY).length > 0,
    retryAfterMs: pushback === undefined ? undefined : pushbackMs(String(pushback)),
    trailers: metadataFromGrpc(metadata),
  };
}

/** Details that cannot be read count as not sent. */
function readableDetails(details: Buffer): readonly StatusDetail[] {
  try {
    return decodeDetails(details);
  } catch {
    return [];
  }
}

/** A value that is no number forbids another attempt, as gRFC A6 demands. */
function pushbackMs(value: string): number {
  const parsed = Number(value);
  return Number.isFinite(parsed) ? parsed : -1;
}

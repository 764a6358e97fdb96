import * as grpc from '@grpc/grpc-js';

import { type CallMetadata, type CallStatus } from '../status/call-status.js';
import { decodeDetails } from '../status/error.mapper.js';
import type { GrpcCallOptions } from './grpc-transport.js';

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

/** What a failed gRPC call tells. */
export function statusOfServiceError(error: grpc.ServiceError): CallStatus {
  const { metadata } = error;
  const details = metadata.get(DETAILS_KEY)[0];
  const pushback = metadata.get(PUSHBACK_KEY)[0];
  return {
    code: error.code,
    message: error.details,
    details: Buffer.isBuffer(details) ? decodeDetails(details) : [],
    isNotStarted: metadata.get(NOT_STARTED_KEY).length > 0,
    retryAfterMs: pushback === undefined ? undefined : pushbackMs(String(pushback)),
    trailers: metadataFromGrpc(metadata),
  };
}

/** A value that is no number forbids another attempt, as gRFC A6 demands. */
function pushbackMs(value: string): number {
  const parsed = Number(value);
  return Number.isFinite(parsed) ? parsed : -1;
}

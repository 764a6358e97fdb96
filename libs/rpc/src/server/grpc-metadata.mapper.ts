import * as grpc from '@grpc/grpc-js';

import {
  addAll,
  ATTEMPT_KEY,
  DETAILS_KEY,
  metadataFromGrpc,
  NOT_STARTED_KEY,
  PUSHBACK_KEY,
} from '../client/grpc-metadata.mapper.js';
import type { CallMetadata } from '../status/call-metadata.js';
import type { CallStatus } from '../status/call-status.js';
import { encodeDetails } from '../status/error.mapper.js';
import type { Arrival } from './server-call.js';

/** What plain gRPC tells of an arriving call. `now` is monotonic. */
export function arrivalOf(
  call: grpc.ServerUnaryCall<unknown, unknown> | grpc.ServerDuplexStream<unknown, unknown>,
  now: number,
): Arrival {
  const { metadata } = call;
  const deadline = call.getDeadline();
  const left = deadline instanceof Date ? deadline.getTime() - Date.now() : deadline - Date.now();
  return {
    transport: 'grpc',
    id: 0,
    peer: call.getPeer(),
    deadlineAt: Number.isFinite(left) ? now + left : undefined,
    traceparent: textOf(metadata, 'traceparent'),
    authorization: textOf(metadata, 'authorization'),
    metadata: metadataFromGrpc(metadata),
    attempt: Number(textOf(metadata, ATTEMPT_KEY) ?? 0) || 0,
  };
}

/** Peers refuse trailers of more than 8 to 64 KiB as a whole; the status without its details is better than none. */
const LARGEST_DETAILS = 16 * 1024;

/** The trailers of a failed call. */
export function serviceErrorOf(status: CallStatus): Partial<grpc.ServiceError> & { code: number } {
  const metadata = new grpc.Metadata();
  addAll(metadata, status.trailers);
  if (status.details.length > 0) {
    const details = Buffer.from(encodeDetails(status));
    if (details.length <= LARGEST_DETAILS) metadata.set(DETAILS_KEY, details);
  }
  if (status.isNotStarted) metadata.set(NOT_STARTED_KEY, '1');
  if (status.retryAfterMs !== undefined) metadata.set(PUSHBACK_KEY, String(status.retryAfterMs));
  // Half a character, as cutting a text leaves it, cannot be sent as gRPC sends messages.
  return { code: status.code, details: Buffer.from(status.message).toString(), metadata };
}

export function grpcMetadataOf(entries: CallMetadata | undefined): grpc.Metadata {
  const metadata = new grpc.Metadata();
  if (entries !== undefined) addAll(metadata, entries);
  return metadata;
}

function textOf(metadata: grpc.Metadata, key: string): string | undefined {
  const value = metadata.get(key)[0];
  return value === undefined ? undefined : String(value);
}

import type * as grpc from '@grpc/grpc-js';

import type { CallMetadata } from '../status/call-metadata.js';
import { tellSafely } from '../tell-safely.js';
import type { ChannelCallOptions } from './call-options.js';
import { metadataFromGrpc } from './grpc-metadata.mapper.js';

/** Tells a caller that listens what came beside the response. */
export function tellMetadata(
  options: ChannelCallOptions | undefined,
  headers: CallMetadata | undefined,
  trailers: CallMetadata | undefined,
): void {
  const { onHeaders, onTrailers } = options ?? {};
  if (headers !== undefined && onHeaders !== undefined) tellSafely(() => onHeaders(headers));
  if (trailers !== undefined && onTrailers !== undefined) tellSafely(() => onTrailers(trailers));
}

/** The same for a call by plain gRPC, as it comes. */
export function followMetadata(call: grpc.Call, options: ChannelCallOptions | undefined): void {
  if (options?.onHeaders !== undefined) {
    call.on('metadata', (headers: grpc.Metadata) => tellMetadata(options, metadataFromGrpc(headers), undefined));
  }
  if (options?.onTrailers !== undefined) {
    call.on('status', ({ metadata }: grpc.StatusObject) =>
      tellMetadata(options, undefined, metadataFromGrpc(metadata)),
    );
  }
}

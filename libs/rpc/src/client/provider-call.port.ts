import type * as grpc from '@grpc/grpc-js';

import type { LinkCall } from '../link/link-call.port.js';
import type { GrpcCallOptions } from './grpc-call-options.js';

/** A unary call as the connection to a provider sees it. */
export interface ProviderCall extends LinkCall {
  /** Set while the call travels as plain gRPC. */
  readonly grpcCall: grpc.ClientUnaryCall | undefined;
  sentByGrpc(grpcCall: grpc.ClientUnaryCall): void;
  /** What plain gRPC sends beside the payload. */
  wire(): GrpcCallOptions;
  answeredByGrpc(error: grpc.ServiceError | null, response: Uint8Array | undefined): void;
  /** The instance fell silent while the call was on its way, or waited for its turn. */
  suspect(): void;
}

/** A call that waits until an instance can be picked. */
export interface ParkedCall {
  tryOnce(): void;
  giveUp(): void;
}

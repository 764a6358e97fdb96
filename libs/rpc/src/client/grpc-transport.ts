import * as grpc from '@grpc/grpc-js';
import type { Endpoint } from '@rookery/discovery';

import { MAX_MESSAGE_BYTES } from '../link/protocol.js';
import type { ClientCredentials } from '../security/client-credentials.js';
import type { GrpcCallOptions } from './grpc-call-options.js';
import { metadataToGrpc } from './grpc-metadata.mapper.js';

const identity = (bytes: Buffer): Buffer => bytes;

/** What may be sent ahead of its reader, on a stream and on a connection. */
export const WINDOW_BYTES = 1024 * 1024;

export const CHANNEL_OPTIONS: grpc.ChannelOptions = {
  'grpc.enable_retries': 0,
  'grpc.enable_http_proxy': 0,
  'grpc.use_local_subchannel_pool': 1,
  'grpc.service_config_disable_resolution': 1,
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 2000,
  'grpc.keepalive_time_ms': 10_000,
  'grpc.keepalive_timeout_ms': 3000,
  'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
  'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
  'grpc-node.flow_control_window': WINDOW_BYTES,
};

/** `host:port` with IPv6 in brackets. */
export function addressOf(endpoint: Endpoint): string {
  return endpoint.host.includes(':') ? `[${endpoint.host}]:${endpoint.port}` : `${endpoint.host}:${endpoint.port}`;
}

/** Plain gRPC to one instance, on a connection of its own so that large and long calls never delay the link. */
export class GrpcTransport {
  private readonly client: grpc.Client;

  constructor(endpoint: Endpoint, credentials: ClientCredentials) {
    this.client = new grpc.Client(addressOf(endpoint), credentials.forEndpoint(endpoint), CHANNEL_OPTIONS);
  }

  /** Sends a payload that is encoded already; the response comes as bytes. */
  unary(
    path: string,
    payload: Buffer,
    options: GrpcCallOptions,
    done: (error: grpc.ServiceError | null, response: Buffer | undefined) => void,
  ): grpc.ClientUnaryCall {
    const { client } = this;
    return client.makeUnaryRequest(path, identity, identity, payload, metadataToGrpc(options), deadline(options), done);
  }

  /** Opens a call with a stream on either side or on both; messages go and come as bytes. */
  stream(path: string, options: GrpcCallOptions): grpc.ClientDuplexStream<Buffer, Buffer> {
    return this.client.makeBidiStreamRequest(path, identity, identity, metadataToGrpc(options), deadline(options));
  }

  close(): void {
    this.client.close();
  }
}

function deadline(options: GrpcCallOptions): grpc.CallOptions {
  return options.remainingMs === undefined ? {} : { deadline: Date.now() + options.remainingMs };
}

import { type ChannelCallOptions, RpcClient } from '@rookery/rpc';

import type { ProviderMethod } from '../routing/provider-method.js';
import { ProviderCaller } from './provider-caller.port.js';

/** Calls through the common pipeline: balancer, link or gRPC, retries. */
export class RpcProviderClient extends ProviderCaller {
  constructor(private readonly rpc: RpcClient) {
    super();
  }

  call(service: string, method: ProviderMethod, message: Uint8Array, options: ChannelCallOptions): Promise<string> {
    const routingKey = method.keyOf?.(message);
    const stated = routingKey === undefined ? options : { ...options, routingKey };
    return this.rpc.channel(service).unary(method, message, stated);
  }

  /** By plain gRPC, on any instance: a routing key is for unary calls. */
  stream(
    service: string,
    method: ProviderMethod,
    message: Uint8Array,
    options: ChannelCallOptions,
  ): AsyncIterable<string> {
    return this.rpc.channel(service).serverStream(method, message, options);
  }

  expect(service: string): void {
    this.rpc.channel(service);
  }
}

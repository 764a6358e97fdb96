import { type ClientGrpc, ClientProxyFactory, type GrpcOptions, Transport } from '@nestjs/microservices';
import type { pricing } from '@rookery/contracts/messages';
import type { Observable } from 'rxjs';

import { LOADER_OPTIONS, PACKAGE, PROTO_FILE } from './grpc-contract.js';

/** What Nest's gRPC client makes of the contract. */
export interface NestPricingClient {
  quotePrice(request: pricing.QuotePriceRequest): Observable<object>;
}

/** A client on Nest's own gRPC transport. */
export function nestPricingClient(port: string): NestPricingClient {
  const options: GrpcOptions = {
    transport: Transport.GRPC,
    options: { url: `127.0.0.1:${port}`, package: PACKAGE, protoPath: PROTO_FILE, loader: LOADER_OPTIONS },
  };
  const client = ClientProxyFactory.create(options) as unknown as ClientGrpc;
  return client.getService<NestPricingClient>('PricingService');
}

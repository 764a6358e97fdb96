import { type DynamicModule, Module, type Provider } from '@nestjs/common';

import type { ClientClass } from '../client/client-class.js';
import { RpcClient } from '../client/rpc-client.js';

/** The generated abstract class of a client. */
export type InjectableClient = ClientClass<unknown> & (abstract new () => unknown);

/** Makes typed clients injectable by their contract's client class. Needs an `RpcClient` among the global providers. */
@Module({})
export class RpcClientModule {
  static forFeature(clients: readonly InjectableClient[]): DynamicModule {
    const providers = clients.map(clientProvider);
    return { module: RpcClientModule, providers, exports: providers };
  }
}

function clientProvider(type: InjectableClient): Provider {
  return { provide: type, useFactory: (rpc: RpcClient) => rpc.client(type), inject: [RpcClient] };
}

import { Module } from '@nestjs/common';
import { RpcClient } from '@rookery/rpc';

import { ContractReader } from '../contracts/contract-reader.port.js';
import { ReflectionContractReader } from '../contracts/reflection-contract-reader.js';
import { Edge } from './edge.js';
import { LiveContracts } from './live-contracts.js';
import { ProviderCaller } from './provider-caller.port.js';
import { RoutesHttpController } from './routes.http.controller.js';
import { RpcProviderClient } from './rpc-provider.client.js';

@Module({
  controllers: [RoutesHttpController],
  providers: [
    Edge,
    LiveContracts,
    {
      provide: ContractReader,
      useFactory: ({ credentials }: RpcClient) => new ReflectionContractReader(credentials),
      inject: [RpcClient],
    },
    { provide: ProviderCaller, useFactory: (rpc: RpcClient) => new RpcProviderClient(rpc), inject: [RpcClient] },
  ],
})
export class EdgeModule {}

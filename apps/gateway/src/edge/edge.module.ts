import { Module } from '@nestjs/common';
import { RpcClient } from '@rookery/rpc';
import { ServiceConfig } from '@rookery/service-kit';

import { ContractReader } from '../contracts/contract-reader.port.js';
import { ReflectionContractReader } from '../contracts/reflection-contract-reader.js';
import { reflectionCredentials } from '../contracts/reflection-credentials.js';
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
      useFactory: (config: ServiceConfig) => new ReflectionContractReader(reflectionCredentials(config)),
      inject: [ServiceConfig],
    },
    { provide: ProviderCaller, useFactory: (rpc: RpcClient) => new RpcProviderClient(rpc), inject: [RpcClient] },
  ],
})
export class EdgeModule {}

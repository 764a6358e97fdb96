import { Module } from '@nestjs/common';
import { ServiceKitModule } from '@rookery/service-kit';

import { GatewayConfig } from './app.config.js';
import { EdgeModule } from './edge/edge.module.js';

@Module({
  imports: [ServiceKitModule.forRoot({ name: 'gateway', config: GatewayConfig, verifiesTokens: true }), EdgeModule],
})
export class AppModule {}

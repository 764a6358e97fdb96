import { Module } from '@nestjs/common';
import { PricingServiceClient } from '@rookery/contracts/nest';
import { RpcClientModule } from '@rookery/rpc';
import { ServiceKitModule, TokenModule } from '@rookery/service-kit';
import { StorefrontConfig } from './app.config.js';
import { DirectClient } from './direct.client.js';
import { GatewayClient } from './gateway.client.js';
import { GatewayView } from './gateway-view.js';
import { ShopHttpController } from './shop.http.controller.js';
import { Shoppers } from './shoppers.js';
import { Tally } from './tally.js';

@Module({
  imports: [
    ServiceKitModule.forRoot({ name: 'storefront', config: StorefrontConfig }),
    TokenModule.forRoot({ config: StorefrontConfig }),
    RpcClientModule.forFeature([PricingServiceClient]),
  ],
  controllers: [ShopHttpController],
  providers: [DirectClient, GatewayClient, GatewayView, Shoppers, Tally],
})
export class AppModule {}

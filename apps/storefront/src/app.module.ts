import { Module } from '@nestjs/common';
import { OrderQueryServiceClient, OrdersServiceClient, PricingServiceClient } from '@rookery/contracts/nest';
import { EventSourcingModule } from '@rookery/cqrs';
import { MessagingModule } from '@rookery/messaging';
import { RpcClientModule } from '@rookery/rpc';
import { ServiceKitModule, TokenModule } from '@rookery/service-kit';
import { StorefrontConfig } from './app.config.js';
import { Buyers } from './buyers.js';
import { DirectClient } from './direct.client.js';
import { GatewayClient } from './gateway.client.js';
import { GatewayHttpClient } from './gateway-http.client.js';
import { GatewayView } from './gateway-view.js';
import { LedgerModule } from './ledger/ledger.module.js';
import { ledgerMigrations } from './ledger/ledger.store.js';
import { OrderTally } from './order-tally.js';
import { Restocking } from './restocking.js';
import { Sale } from './sale.js';
import { ShopFiguresRegistrar } from './shop-figures.registrar.js';
import { ShopHttpController } from './shop.http.controller.js';
import { Shoppers } from './shoppers.js';
import { Tally } from './tally.js';

@Module({
  imports: [
    ServiceKitModule.forRoot({ name: 'storefront', config: StorefrontConfig }),
    EventSourcingModule.forRoot({ config: StorefrontConfig, migrations: [ledgerMigrations] }),
    MessagingModule.forRoot(),
    TokenModule.forRoot({ config: StorefrontConfig }),
    RpcClientModule.forFeature([OrderQueryServiceClient, OrdersServiceClient, PricingServiceClient]),
    LedgerModule,
  ],
  controllers: [ShopHttpController],
  providers: [
    Buyers,
    DirectClient,
    GatewayClient,
    GatewayHttpClient,
    GatewayView,
    OrderTally,
    Restocking,
    Sale,
    ShopFiguresRegistrar,
    Shoppers,
    Tally,
  ],
})
export class AppModule {}

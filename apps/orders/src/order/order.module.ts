import { Module } from '@nestjs/common';
import { ActorsModule } from '@rookery/actors-nest';
import { InventoryServiceClient, PaymentsServiceClient, PricingServiceClient } from '@rookery/contracts/nest';
import { RpcClientModule } from '@rookery/rpc';
import { OrderQueryGrpcController } from './api/order-query.grpc.controller.js';
import { OrderEventsPublisher } from './api/order.events.publisher.js';
import { OrderGrain } from './api/order.grain.js';
import { AbandonOrderHandler } from './application/abandon-order.handler.js';
import { CancelOrderHandler } from './application/cancel-order.handler.js';
import { ConfirmOrderHandler } from './application/confirm-order.handler.js';
import { GetOrderHandler } from './application/get-order.query.js';
import { ListOrdersHandler } from './application/list-orders.query.js';
import { OrderFulfilment } from './application/order-fulfilment.process.js';
import { OrderSummaries } from './application/order-summary.projection.js';
import { OrderSummaryStore } from './application/order-summary.store.js';
import { OrderPort } from './application/order.port.js';
import { PaymentsPort } from './application/payments.port.js';
import { PlaceOrderHandler } from './application/place-order.handler.js';
import { PricesPort } from './application/prices.port.js';
import { SealOrderHandler } from './application/seal-order.handler.js';
import { StepWork } from './application/step-work.js';
import { StockPort } from './application/stock.port.js';
import { WatchOrderHandler } from './application/watch-order.query.js';
import { GrainOrderClient } from './infrastructure/grain-order.client.js';
import { NeighbourCall } from './infrastructure/neighbour-call.js';
import { PostgresOrderSummaryStore } from './infrastructure/postgres-order-summary.store.js';
import { RpcPaymentsClient } from './infrastructure/rpc-payments.client.js';
import { RpcPricesClient } from './infrastructure/rpc-prices.client.js';
import { RpcStockClient } from './infrastructure/rpc-stock.client.js';

@Module({
  imports: [
    ActorsModule.forFeature([OrderGrain]),
    RpcClientModule.forFeature([InventoryServiceClient, PaymentsServiceClient, PricingServiceClient]),
  ],
  controllers: [OrderQueryGrpcController],
  providers: [
    AbandonOrderHandler,
    CancelOrderHandler,
    ConfirmOrderHandler,
    GetOrderHandler,
    ListOrdersHandler,
    PlaceOrderHandler,
    SealOrderHandler,
    WatchOrderHandler,
    OrderEventsPublisher,
    OrderFulfilment,
    OrderSummaries,
    StepWork,
    NeighbourCall,
    { provide: OrderPort, useClass: GrainOrderClient },
    { provide: OrderSummaryStore, useClass: PostgresOrderSummaryStore },
    { provide: PaymentsPort, useClass: RpcPaymentsClient },
    { provide: PricesPort, useClass: RpcPricesClient },
    { provide: StockPort, useClass: RpcStockClient },
  ],
})
export class OrderModule {}

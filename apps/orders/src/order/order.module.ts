import { Module } from '@nestjs/common';
import { ActorsModule } from '@rookery/actors-nest';
import { OrderGrain } from './api/order.grain.js';
import { AbandonOrderHandler } from './application/abandon-order.handler.js';
import { CancelOrderHandler } from './application/cancel-order.handler.js';
import { ConfirmOrderHandler } from './application/confirm-order.handler.js';
import { GetOrderHandler } from './application/get-order.query.js';
import { PlaceOrderHandler } from './application/place-order.handler.js';
import { SealOrderHandler } from './application/seal-order.handler.js';

@Module({
  imports: [ActorsModule.forFeature([OrderGrain])],
  providers: [
    AbandonOrderHandler,
    CancelOrderHandler,
    ConfirmOrderHandler,
    GetOrderHandler,
    PlaceOrderHandler,
    SealOrderHandler,
  ],
})
export class OrderModule {}

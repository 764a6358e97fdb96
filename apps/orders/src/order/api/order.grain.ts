import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { GrainContext } from '@rookery/actors';
import type { orders } from '@rookery/contracts/messages';
import { type OrdersServiceGrain, OrdersServiceGrainClient } from '@rookery/contracts/nest';
import { AggregateGrain } from '@rookery/cqrs';
import { AbandonOrder } from '../application/abandon-order.handler.js';
import { CancelOrder } from '../application/cancel-order.handler.js';
import { ConfirmOrder } from '../application/confirm-order.handler.js';
import { GetOrder } from '../application/get-order.query.js';
import { PlaceOrder } from '../application/place-order.handler.js';
import { SealOrder } from '../application/seal-order.handler.js';
import { orderAggregate } from '../domain/order.aggregate.js';
import { customerOf } from './customer.js';
import { fromReason, fromTotal, toOrder } from './order.mapper.js';

/** One order. What is asked for a customer is asked with the customer's token; the rest by the fulfilment. */
@AggregateGrain(OrdersServiceGrainClient, orderAggregate)
export class OrderGrain implements OrdersServiceGrain<GrainContext> {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  async placeOrder(
    { orderId, ...purchase }: orders.PlaceOrderRequest,
    context: GrainContext,
  ): Promise<orders.PlaceOrderResponse> {
    const command = new PlaceOrder(orderId, customerOf(context), purchase);
    return { order: toOrder(await this.commands.execute(command)) };
  }

  async cancelOrder(
    { orderId }: orders.CancelOrderRequest,
    context: GrainContext,
  ): Promise<orders.CancelOrderResponse> {
    return { order: toOrder(await this.commands.execute(new CancelOrder(orderId, customerOf(context)))) };
  }

  async getOrder({ orderId }: orders.GetOrderRequest, context: GrainContext): Promise<orders.GetOrderResponse> {
    return { order: toOrder(await this.queries.execute(new GetOrder(orderId, customerOf(context)))) };
  }

  async sealOrder({ orderId, total }: orders.SealOrderRequest): Promise<orders.SealOrderResponse> {
    return { order: toOrder(await this.commands.execute(new SealOrder(orderId, fromTotal(total)))) };
  }

  async confirmOrder({ orderId }: orders.ConfirmOrderRequest): Promise<orders.ConfirmOrderResponse> {
    return { order: toOrder(await this.commands.execute(new ConfirmOrder(orderId))) };
  }

  async abandonOrder({ orderId, reason }: orders.AbandonOrderRequest): Promise<orders.AbandonOrderResponse> {
    return { order: toOrder(await this.commands.execute(new AbandonOrder(orderId, fromReason(reason)))) };
  }
}

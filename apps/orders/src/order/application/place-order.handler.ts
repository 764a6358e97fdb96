import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Aggregates } from '@rookery/cqrs';
import { Clock } from '@rookery/runtime';
import { type OrderAnswer, orderAggregate } from '../domain/order.aggregate.js';
import { requireDistinctSkus } from '../domain/order.decisions.js';
import type { OrderLine } from '../domain/order.events.js';

/** What a customer wants, and how it is paid. */
export interface Purchase {
  readonly lines: readonly OrderLine[];
  readonly currency: string;
  readonly card: string;
}

export class PlaceOrder extends Command<OrderAnswer> {
  constructor(
    readonly orderId: string,
    readonly customer: string,
    readonly purchase: Purchase,
  ) {
    super();
  }
}

@CommandHandler(PlaceOrder)
export class PlaceOrderHandler implements ICommandHandler<PlaceOrder> {
  constructor(
    private readonly aggregates: Aggregates,
    private readonly clock: Clock,
  ) {}

  async execute({ customer, orderId, purchase }: PlaceOrder): Promise<OrderAnswer> {
    requireDistinctSkus(purchase.lines);
    const order = { orderId, customer, ...purchase, at: this.clock.now() };
    return this.aggregates.execute(orderAggregate, orderId, { type: 'PlaceOrder', ...order });
  }
}

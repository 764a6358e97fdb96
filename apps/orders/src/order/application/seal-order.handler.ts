import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Aggregates } from '@rookery/cqrs';
import { type OrderAnswer, orderAggregate } from '../domain/order.aggregate.js';
import type { Money } from '../domain/order.events.js';

export class SealOrder extends Command<OrderAnswer> {
  constructor(
    readonly orderId: string,
    readonly total: Money,
  ) {
    super();
  }
}

@CommandHandler(SealOrder)
export class SealOrderHandler implements ICommandHandler<SealOrder> {
  constructor(private readonly aggregates: Aggregates) {}

  execute({ orderId, ...rest }: SealOrder): Promise<OrderAnswer> {
    return this.aggregates.execute(orderAggregate, orderId, { type: 'SealOrder', ...rest });
  }
}

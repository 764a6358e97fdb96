import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Aggregates } from '@rookery/cqrs';
import { type OrderAnswer, orderAggregate } from '../domain/order.aggregate.js';
import type { FailureReason } from '../domain/order.events.js';

export class AbandonOrder extends Command<OrderAnswer> {
  constructor(
    readonly orderId: string,
    readonly reason: FailureReason,
  ) {
    super();
  }
}

@CommandHandler(AbandonOrder)
export class AbandonOrderHandler implements ICommandHandler<AbandonOrder> {
  constructor(private readonly aggregates: Aggregates) {}

  execute({ orderId, ...rest }: AbandonOrder): Promise<OrderAnswer> {
    return this.aggregates.execute(orderAggregate, orderId, { type: 'AbandonOrder', ...rest });
  }
}

import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Aggregates } from '@rookery/cqrs';
import { type OrderAnswer, orderAggregate } from '../domain/order.aggregate.js';

export class ConfirmOrder extends Command<OrderAnswer> {
  constructor(readonly orderId: string) {
    super();
  }
}

@CommandHandler(ConfirmOrder)
export class ConfirmOrderHandler implements ICommandHandler<ConfirmOrder> {
  constructor(private readonly aggregates: Aggregates) {}

  execute({ orderId }: ConfirmOrder): Promise<OrderAnswer> {
    return this.aggregates.execute(orderAggregate, orderId, { type: 'ConfirmOrder' });
  }
}

import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Aggregates } from '@rookery/cqrs';
import { type OrderAnswer, orderAggregate } from '../domain/order.aggregate.js';

export class CancelOrder extends Command<OrderAnswer> {
  constructor(
    readonly orderId: string,
    readonly customer: string,
  ) {
    super();
  }
}

@CommandHandler(CancelOrder)
export class CancelOrderHandler implements ICommandHandler<CancelOrder> {
  constructor(private readonly aggregates: Aggregates) {}

  execute({ orderId, ...rest }: CancelOrder): Promise<OrderAnswer> {
    return this.aggregates.execute(orderAggregate, orderId, { type: 'CancelOrder', ...rest });
  }
}

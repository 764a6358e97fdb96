import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Aggregates } from '@rookery/cqrs';
import { answerOf, type OrderAnswer, orderAggregate } from '../domain/order.aggregate.js';
import { ownOrder } from '../domain/order.decisions.js';

export class GetOrder extends Query<OrderAnswer> {
  constructor(
    readonly orderId: string,
    readonly customer: string,
  ) {
    super();
  }
}

@QueryHandler(GetOrder)
export class GetOrderHandler implements IQueryHandler<GetOrder> {
  constructor(private readonly aggregates: Aggregates) {}

  async execute({ customer, orderId }: GetOrder): Promise<OrderAnswer> {
    return answerOf(ownOrder(await this.aggregates.read(orderAggregate, orderId), customer));
  }
}

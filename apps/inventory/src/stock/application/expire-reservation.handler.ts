import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Aggregates } from '@rookery/cqrs';
import { type StockAnswer, stockAggregate } from '../domain/stock.aggregate.js';

export class ExpireReservation extends Command<StockAnswer> {
  constructor(
    readonly sku: string,
    readonly orderId: string,
  ) {
    super();
  }
}

@CommandHandler(ExpireReservation)
export class ExpireReservationHandler implements ICommandHandler<ExpireReservation> {
  constructor(private readonly aggregates: Aggregates) {}

  execute({ sku, ...rest }: ExpireReservation): Promise<StockAnswer> {
    return this.aggregates.execute(stockAggregate, sku, { type: 'ExpireReservation', ...rest });
  }
}

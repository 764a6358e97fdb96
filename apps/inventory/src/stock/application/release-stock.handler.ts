import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Aggregates } from '@rookery/cqrs';
import { type StockAnswer, stockAggregate } from '../domain/stock.aggregate.js';

export class ReleaseStock extends Command<StockAnswer> {
  constructor(
    readonly sku: string,
    readonly orderId: string,
  ) {
    super();
  }
}

@CommandHandler(ReleaseStock)
export class ReleaseStockHandler implements ICommandHandler<ReleaseStock> {
  constructor(private readonly aggregates: Aggregates) {}

  execute({ sku, ...rest }: ReleaseStock): Promise<StockAnswer> {
    return this.aggregates.execute(stockAggregate, sku, { type: 'Release', ...rest });
  }
}

import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Aggregates } from '@rookery/cqrs';
import { type StockAnswer, stockAggregate } from '../domain/stock.aggregate.js';

export class ReturnStock extends Command<StockAnswer> {
  constructor(
    readonly sku: string,
    readonly orderId: string,
  ) {
    super();
  }
}

@CommandHandler(ReturnStock)
export class ReturnStockHandler implements ICommandHandler<ReturnStock> {
  constructor(private readonly aggregates: Aggregates) {}

  execute({ sku, ...rest }: ReturnStock): Promise<StockAnswer> {
    return this.aggregates.execute(stockAggregate, sku, { type: 'ReturnStock', ...rest });
  }
}

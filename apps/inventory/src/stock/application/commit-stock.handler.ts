import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Aggregates } from '@rookery/cqrs';
import { type StockAnswer, stockAggregate } from '../domain/stock.aggregate.js';

export class CommitStock extends Command<StockAnswer> {
  constructor(
    readonly sku: string,
    readonly orderId: string,
  ) {
    super();
  }
}

@CommandHandler(CommitStock)
export class CommitStockHandler implements ICommandHandler<CommitStock> {
  constructor(private readonly aggregates: Aggregates) {}

  execute({ sku, ...rest }: CommitStock): Promise<StockAnswer> {
    return this.aggregates.execute(stockAggregate, sku, { type: 'Commit', ...rest });
  }
}

import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Aggregates } from '@rookery/cqrs';
import { type StockAnswer, stockAggregate } from '../domain/stock.aggregate.js';

export class ReceiveStock extends Command<StockAnswer> {
  constructor(
    readonly sku: string,
    readonly quantity: number,
  ) {
    super();
  }
}

@CommandHandler(ReceiveStock)
export class ReceiveStockHandler implements ICommandHandler<ReceiveStock> {
  constructor(private readonly aggregates: Aggregates) {}

  execute({ sku, ...rest }: ReceiveStock): Promise<StockAnswer> {
    return this.aggregates.execute(stockAggregate, sku, { type: 'ReceiveStock', ...rest });
  }
}

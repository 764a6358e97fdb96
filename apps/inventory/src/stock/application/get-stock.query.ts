import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Aggregates } from '@rookery/cqrs';
import { type StockAnswer, stockAggregate, unitsOf } from '../domain/stock.aggregate.js';

export class GetStock extends Query<StockAnswer> {
  constructor(readonly sku: string) {
    super();
  }
}

@QueryHandler(GetStock)
export class GetStockHandler implements IQueryHandler<GetStock> {
  constructor(private readonly aggregates: Aggregates) {}

  async execute({ sku }: GetStock): Promise<StockAnswer> {
    return unitsOf(await this.aggregates.read(stockAggregate, sku));
  }
}

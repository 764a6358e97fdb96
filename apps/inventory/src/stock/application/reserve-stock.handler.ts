// #region handler
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Aggregates } from '@rookery/cqrs';
import { Clock } from '@rookery/runtime';
import { InventoryConfig } from '../../app.config.js';
import { type StockAnswer, stockAggregate } from '../domain/stock.aggregate.js';

export class ReserveStock extends Command<StockAnswer> {
  constructor(
    readonly sku: string,
    readonly orderId: string,
    readonly quantity: number,
  ) {
    super();
  }
}

@CommandHandler(ReserveStock)
export class ReserveStockHandler implements ICommandHandler<ReserveStock> {
  constructor(
    private readonly aggregates: Aggregates,
    private readonly clock: Clock,
    private readonly config: InventoryConfig,
  ) {}

  execute({ orderId, quantity, sku }: ReserveStock): Promise<StockAnswer> {
    const expiresAt = this.clock.now() + this.config.RESERVATION_MS;
    return this.aggregates.execute(stockAggregate, sku, { type: 'Reserve', orderId, quantity, expiresAt });
  }
}
// #endregion

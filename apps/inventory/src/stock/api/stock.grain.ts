import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { GrainContext } from '@rookery/actors';
import type { inventory } from '@rookery/contracts/messages';
import { type InventoryServiceGrain, InventoryServiceGrainClient } from '@rookery/contracts/nest';
import { AggregateGrain } from '@rookery/cqrs';
import { CommitStock } from '../application/commit-stock.handler.js';
import { ExpireReservation } from '../application/expire-reservation.handler.js';
import { GetStock } from '../application/get-stock.query.js';
import { ReceiveStock } from '../application/receive-stock.handler.js';
import { ReleaseStock } from '../application/release-stock.handler.js';
import { ReserveStock } from '../application/reserve-stock.handler.js';
import { ReturnStock } from '../application/return-stock.handler.js';
import { stockAggregate } from '../domain/stock.aggregate.js';
import { toReservation, toStock } from './stock.mapper.js';

/** One SKU. */
@AggregateGrain(InventoryServiceGrainClient, stockAggregate)
export class StockGrain implements InventoryServiceGrain<GrainContext> {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  async receiveStock({ quantity, sku }: inventory.ReceiveStockRequest): Promise<inventory.ReceiveStockResponse> {
    return { stock: toStock(sku, await this.commands.execute(new ReceiveStock(sku, quantity))) };
  }

  async getStock({ sku }: inventory.GetStockRequest): Promise<inventory.GetStockResponse> {
    return { stock: toStock(sku, await this.queries.execute(new GetStock(sku))) };
  }

  async reserve({ orderId, quantity, sku }: inventory.ReserveRequest): Promise<inventory.ReserveResponse> {
    return toReservation(await this.commands.execute(new ReserveStock(sku, orderId, quantity)));
  }

  async commit({ orderId, sku }: inventory.CommitRequest): Promise<inventory.CommitResponse> {
    await this.commands.execute(new CommitStock(sku, orderId));
    return {};
  }

  async release({ orderId, sku }: inventory.ReleaseRequest): Promise<inventory.ReleaseResponse> {
    await this.commands.execute(new ReleaseStock(sku, orderId));
    return {};
  }

  async returnStock({ orderId, sku }: inventory.ReturnStockRequest): Promise<inventory.ReturnStockResponse> {
    await this.commands.execute(new ReturnStock(sku, orderId));
    return {};
  }

  async expireReservation(request: inventory.ExpireReservationRequest): Promise<inventory.ExpireReservationResponse> {
    await this.commands.execute(new ExpireReservation(request.sku, request.orderId));
    return {};
  }
}

import { Injectable } from '@nestjs/common';
import { InventoryServiceClient } from '@rookery/contracts/nest';
import type { OrderCall } from '../application/order-call.js';
import { StockPort } from '../application/stock.port.js';
import type { OrderLine } from '../domain/order.events.js';
import { NeighbourCall } from './neighbour-call.js';

@Injectable()
export class RpcStockClient extends StockPort {
  constructor(
    private readonly inventory: InventoryServiceClient,
    private readonly neighbour: NeighbourCall,
  ) {
    super();
  }

  async reserve({ quantity, sku }: OrderLine, call: OrderCall): Promise<void> {
    await this.inventory.reserve({ sku, orderId: call.orderId, quantity }, this.neighbour.options(call));
  }

  async commit(sku: string, call: OrderCall): Promise<void> {
    await this.inventory.commit({ sku, orderId: call.orderId }, this.neighbour.options(call));
  }

  async release(sku: string, call: OrderCall): Promise<void> {
    await this.inventory.release({ sku, orderId: call.orderId }, this.neighbour.options(call));
  }

  async returnStock(sku: string, call: OrderCall): Promise<void> {
    await this.inventory.returnStock({ sku, orderId: call.orderId }, this.neighbour.options(call));
  }
}

import { Injectable } from '@nestjs/common';
import { callId, Grains } from '@rookery/actors-nest';
import { InventoryServiceGrainClient } from '@rookery/contracts/nest';
import { StockPort } from '../application/stock.port.js';

@Injectable()
export class GrainStockClient extends StockPort {
  constructor(private readonly grains: Grains) {
    super();
  }

  async expireReservation(sku: string, orderId: string, commandId: string): Promise<void> {
    const stock = this.grains.get(InventoryServiceGrainClient, sku);
    await stock.expireReservation({ sku, orderId }, { headers: callId(commandId) });
  }
}

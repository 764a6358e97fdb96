import type { OrderLine } from '../domain/order.events.js';
import type { OrderCall } from './order-call.js';

/** The stock of each SKU. Rejects with the codes of inventory's contract. */
export abstract class StockPort {
  abstract reserve(line: OrderLine, call: OrderCall): Promise<void>;
  abstract commit(sku: string, call: OrderCall): Promise<void>;
  abstract release(sku: string, call: OrderCall): Promise<void>;
  abstract returnStock(sku: string, call: OrderCall): Promise<void>;
}

import type { Money, OrderLine } from '../domain/order.events.js';
import type { OrderCall } from './order-call.js';

/** What goods cost. Rejects with SKU_UNKNOWN and CURRENCY_UNSUPPORTED where nobody knows a price. */
export abstract class PricesPort {
  abstract quote(lines: readonly OrderLine[], currency: string, call: OrderCall): Promise<Money>;
}

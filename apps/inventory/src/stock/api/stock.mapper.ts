import type { inventory } from '@rookery/contracts/messages';
import type { StockAnswer } from '../domain/stock.aggregate.js';

export function toStock(sku: string, { available, received, reserved, sold }: StockAnswer): inventory.Stock {
  return { sku, received, available, reserved, sold };
}

export function toReservation({ expiresAt }: StockAnswer): inventory.ReserveResponse {
  return { expiresAt: expiresAt === undefined ? undefined : new Date(expiresAt) };
}

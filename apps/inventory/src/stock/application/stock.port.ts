/** The stock of any SKU, wherever its grain is. */
export abstract class StockPort {
  /** Ends a reservation whose time is over; `commandId` is the same for each attempt. */
  abstract expireReservation(sku: string, orderId: string, commandId: string): Promise<void>;
}

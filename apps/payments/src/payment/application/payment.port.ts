/** The payment of any order, wherever its grain is. */
export abstract class PaymentPort {
  /** Has the provider asked again for what is open; `commandId` is the same for each attempt. */
  abstract settle(orderId: string, commandId: string): Promise<void>;
}

/** The payment of any order, wherever its grain is. `commandId` is the same for each attempt. */
export abstract class PaymentPort {
  /** Has the provider asked again for what is open. */
  abstract settle(orderId: string, commandId: string): Promise<void>;
  /** Has it voided if it is still not known whether it is authorised. */
  abstract giveUp(orderId: string, commandId: string): Promise<void>;
}

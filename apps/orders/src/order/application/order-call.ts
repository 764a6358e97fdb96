/** One step of an order's fulfilment, on its way to whoever carries it out. */
export interface OrderCall {
  readonly orderId: string;
  /** The same for each attempt, so that what it asks for is done once. */
  readonly commandId: string;
  /** Aborted when another instance goes on with it. */
  readonly signal: AbortSignal;
}

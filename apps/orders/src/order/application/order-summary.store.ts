import type { Transaction } from '@rookery/cqrs';
import type { OrderAnswer } from '../domain/order.aggregate.js';
import type { OrderPlaced } from '../domain/order.events.js';

/** The read model, by name and generation. */
export const ORDER_SUMMARIES = { name: 'order_summaries', generation: 1 } as const;

export type NewSummary = Omit<OrderPlaced, 'type' | 'card'> & {
  /** Of its placing, in the log: later orders have higher ones. */
  readonly position: number;
};

/** What has become of an order since. */
export type SummaryChange = Pick<OrderAnswer, 'orderId' | 'status' | 'total' | 'reason'>;

/** All orders, to be listed by customer. */
export abstract class OrderSummaryStore {
  /** See `Projection`. */
  abstract readonly tables: string;

  /** Adds what is new, then changes what is there; of one order the last change counts. */
  abstract write(
    added: readonly NewSummary[],
    changes: readonly SummaryChange[],
    transaction: Transaction,
  ): Promise<void>;

  /** The position of a customer's order; undefined of one that this customer has not. */
  abstract positionOf(orderId: string, customer: string): Promise<number | undefined>;

  /** A customer's orders, the latest first, from behind that position on; undefined: from the latest. */
  abstract list(customer: string, before: number | undefined, limit: number): Promise<readonly OrderAnswer[]>;
}

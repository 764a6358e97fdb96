import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { OrderAnswer } from '../domain/order.aggregate.js';
import { OrderSummaryStore } from './order-summary.store.js';

export interface OrderPage {
  readonly orders: readonly OrderAnswer[];
  /** Behind which the next page begins; undefined: there is none. */
  readonly last: string | undefined;
}

/** Answered with undefined when the customer has no order to begin behind. */
export class ListOrders extends Query<OrderPage | undefined> {
  constructor(
    readonly customer: string,
    readonly size: number,
    /** The `last` of the page before. */
    readonly behind: string | undefined,
  ) {
    super();
  }
}

@QueryHandler(ListOrders)
export class ListOrdersHandler implements IQueryHandler<ListOrders> {
  constructor(private readonly summaries: OrderSummaryStore) {}

  async execute({ behind, customer, size }: ListOrders): Promise<OrderPage | undefined> {
    const before = behind === undefined ? undefined : await this.summaries.positionOf(behind, customer);
    if (behind !== undefined && before === undefined) return undefined;
    // One more tells whether there is another page.
    const found = await this.summaries.list(customer, before, size + 1);
    const orders = found.slice(0, size);
    return { orders, last: found.length > size ? orders.at(-1)?.orderId : undefined };
  }
}

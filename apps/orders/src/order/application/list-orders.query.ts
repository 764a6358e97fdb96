import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { OrderAnswer } from '../domain/order.aggregate.js';
import { OrderSummaryStore } from './order-summary.store.js';

export interface OrderPage {
  readonly orders: readonly OrderAnswer[];
  /** Where the next page begins; undefined: there is none. */
  readonly next: number | undefined;
}

export class ListOrders extends Query<OrderPage> {
  constructor(
    readonly customer: string,
    readonly size: number,
    /** The `next` of the page before. */
    readonly from: number | undefined,
  ) {
    super();
  }
}

@QueryHandler(ListOrders)
export class ListOrdersHandler implements IQueryHandler<ListOrders> {
  constructor(private readonly summaries: OrderSummaryStore) {}

  async execute({ customer, from, size }: ListOrders): Promise<OrderPage> {
    // One more tells whether there is another page.
    const found = await this.summaries.list(customer, from, size + 1);
    const page = found.slice(0, size);
    const next = found.length > size ? page.at(-1)?.position : undefined;
    return { orders: page.map(({ order }) => order), next };
  }
}

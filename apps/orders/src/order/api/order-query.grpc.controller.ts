import { Controller } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { orders } from '@rookery/contracts/messages';
import {
  type CallContext,
  type OrderQueryServiceController,
  OrderQueryServiceControllerMethods,
} from '@rookery/contracts/nest';
import { ListOrders } from '../application/list-orders.query.js';
import { WatchOrder } from '../application/watch-order.query.js';
import { requireCustomer } from './customer.js';
import { invalidField } from './invalid-field.js';
import { toOrder } from './order.mapper.js';

const USUAL_PAGE_SIZE = 20;

/** What looks at many orders, or at one for longer than a moment. */
@Controller()
@OrderQueryServiceControllerMethods()
export class OrderQueryGrpcController implements OrderQueryServiceController {
  constructor(private readonly queries: QueryBus) {}

  async listOrders(request: orders.ListOrdersRequest, { principal }: CallContext): Promise<orders.ListOrdersResponse> {
    const customer = requireCustomer(principal);
    const size = request.pageSize === 0 ? USUAL_PAGE_SIZE : request.pageSize;
    // A token is the id of an order that its caller has seen: it says nothing new, and is good for that caller alone.
    const behind = request.pageToken === '' ? undefined : request.pageToken;
    const page = await this.queries.execute(new ListOrders(customer, size, behind));
    if (page === undefined) throw invalidField('pageToken', 'must be the nextPageToken of a list of the same caller');
    return { orders: page.orders.map(toOrder), nextPageToken: page.last ?? '' };
  }

  async *watchOrder(
    { orderId }: orders.WatchOrderRequest,
    { principal, signal }: CallContext,
  ): AsyncGenerator<orders.WatchOrderResponse> {
    const changes = await this.queries.execute(new WatchOrder(orderId, requireCustomer(principal), signal));
    for await (const order of changes) yield { order: toOrder(order) };
  }
}

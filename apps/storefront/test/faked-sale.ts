import { Controller, Module } from '@nestjs/common';
import { orders } from '@rookery/contracts/messages';
import {
  type OrderQueryServiceController,
  OrderQueryServiceControllerMethods,
  type OrdersServiceController,
  OrdersServiceControllerMethods,
} from '@rookery/contracts/nest';
import { DomainError } from '@rookery/runtime';
import { ServiceKitModule } from '@rookery/service-kit';

const { CancelReason, OrderStatus } = orders;

type End = Pick<orders.Order, 'status' | 'cancelReason'>;

const placed: End = { status: OrderStatus.ORDER_STATUS_PLACED, cancelReason: CancelReason.CANCEL_REASON_UNSPECIFIED };
const confirmed: End = { ...placed, status: OrderStatus.ORDER_STATUS_CONFIRMED };
const cancelled = (cancelReason: orders.CancelReason): End => ({
  status: OrderStatus.ORDER_STATUS_CANCELLED,
  cancelReason,
});

interface Kept {
  readonly order: orders.Order;
  end: End;
  looks: number;
}

/** All orders and all stock of this test. An order is over when it is looked at for the second time. */
export class FakedSale {
  readonly placedBy: Record<'gateway' | 'direct', orders.PlaceOrderRequest[]> = { gateway: [], direct: [] };
  private readonly kept = new Map<string, Kept>();
  private readonly stock = new Map<string, number>();
  private readonly receipts = new Set<string>();

  place(way: 'gateway' | 'direct', request: orders.PlaceOrderRequest): orders.Order {
    const { currency, lines, orderId } = request;
    this.placedBy[way].push(request);
    const order = { orderId, lines, currency, total: undefined, placedAt: undefined, ...placed };
    this.kept.set(orderId, { order, end: endOf(request), looks: 0 });
    return order;
  }

  cancel(orderId: string): orders.Order {
    const kept = this.find(orderId);
    kept.end = cancelled(CancelReason.CANCEL_REASON_CUSTOMER);
    return { ...kept.order, ...kept.end };
  }

  look(orderId: string): orders.Order {
    const kept = this.find(orderId);
    return { ...kept.order, ...(kept.looks++ === 0 ? placed : kept.end) };
  }

  available(sku: string): number {
    return this.stock.get(sku) ?? 0;
  }

  receive(sku: string, quantity: number, key: string): void {
    if (this.receipts.has(key)) return;
    this.receipts.add(key);
    this.stock.set(sku, this.available(sku) + quantity);
  }

  private find(orderId: string): Kept {
    const kept = this.kept.get(orderId);
    if (kept === undefined) throw new DomainError('ORDER_NOT_FOUND', 'no such order', { kind: 'not-found' });
    return kept;
  }
}

/** As the article and the card want it. */
function endOf({ card, lines }: orders.PlaceOrderRequest): End {
  if (lines.some(({ sku }) => sku === 'lamp')) return cancelled(CancelReason.CANCEL_REASON_OUT_OF_STOCK);
  return card === 'tok_ok' ? confirmed : cancelled(CancelReason.CANCEL_REASON_PAYMENT_DECLINED);
}

export const sale = new FakedSale();

@Controller()
@OrdersServiceControllerMethods()
class OrdersController implements OrdersServiceController {
  placeOrder(request: orders.PlaceOrderRequest): orders.PlaceOrderResponse {
    return { order: sale.place('direct', request) };
  }

  cancelOrder({ orderId }: orders.CancelOrderRequest): orders.CancelOrderResponse {
    return { order: sale.cancel(orderId) };
  }

  getOrder({ orderId }: orders.GetOrderRequest): orders.GetOrderResponse {
    return { order: sale.look(orderId) };
  }

  sealOrder(): never {
    throw new Error('nobody outside seals');
  }

  confirmOrder(): never {
    throw new Error('nobody outside confirms');
  }

  abandonOrder(): never {
    throw new Error('nobody outside abandons');
  }
}

@Controller()
@OrderQueryServiceControllerMethods()
class OrderQueryController implements OrderQueryServiceController {
  listOrders(): orders.ListOrdersResponse {
    return { orders: [], nextPageToken: '' };
  }

  async *watchOrder({ orderId }: orders.WatchOrderRequest): AsyncIterable<orders.WatchOrderResponse> {
    yield await Promise.resolve({ order: sale.look(orderId) });
    yield { order: sale.look(orderId) };
  }
}

/** Stands for orders. */
@Module({
  imports: [ServiceKitModule.forRoot({ name: 'orders' })],
  controllers: [OrdersController, OrderQueryController],
})
export class OrdersModule {}

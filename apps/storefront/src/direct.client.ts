import { Injectable } from '@nestjs/common';
import { orders, type pricing } from '@rookery/contracts/messages';
import { OrderQueryServiceClient, OrdersServiceClient, PricingServiceClient } from '@rookery/contracts/nest';
import { DomainError } from '@rookery/runtime';
import { TokenClient } from '@rookery/service-kit';
import { StorefrontConfig } from './app.config.js';
import { type OrderEnd, toOrderEnd } from './order-end.mapper.js';
import type { Shop } from './shop.port.js';

/** The way that services of the house take: an instance found by discovery, called over the link. */
@Injectable()
export class DirectClient implements Shop {
  constructor(
    private readonly pricing: PricingServiceClient,
    private readonly orders: OrdersServiceClient,
    private readonly orderQueries: OrderQueryServiceClient,
    private readonly tokens: TokenClient,
    private readonly config: StorefrontConfig,
  ) {}

  async quote(basket: pricing.QuotePriceRequest): Promise<void> {
    await this.pricing.quotePrice(basket, await this.options());
  }

  async place(order: orders.PlaceOrderRequest): Promise<void> {
    await this.orders.placeOrder(order, await this.options());
  }

  async cancel(orderId: string): Promise<void> {
    await this.orders.cancelOrder({ orderId }, await this.options());
  }

  /** Told of each change, until the stream ends: who leaves before is counted as one who gave up. */
  async follow(orderId: string, leaving: AbortSignal): Promise<OrderEnd> {
    const token = await this.tokens.token();
    const options = { token, timeoutMs: this.config.BUYER_PATIENCE_MS, signal: leaving };
    let end: OrderEnd | undefined;
    for await (const { order } of this.orderQueries.watchOrder({ orderId }, options)) {
      end = order && toOrderEnd(orders.OrderStatus[order.status], orders.CancelReason[order.cancelReason]);
    }
    if (end !== undefined) return end;
    throw new DomainError('ORDER_UNFOLLOWED', 'the order was not over when its stream ended', { kind: 'unavailable' });
  }

  private async options(): Promise<{ readonly token: string; readonly timeoutMs: number }> {
    return { token: await this.tokens.token(), timeoutMs: this.config.CALL_TIMEOUT_MS };
  }
}

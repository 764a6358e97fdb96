import { Injectable } from '@nestjs/common';
import type { orders, pricing } from '@rookery/contracts/messages';
import { pause, Scheduler } from '@rookery/runtime';
import { GatewayHttpClient } from './gateway-http.client.js';
import { type OrderEnd, toOrderEnd } from './order-end.mapper.js';
import type { Shop } from './shop.port.js';

const LOOK_EVERY_MS = 250;

interface OrderAnswer {
  readonly order?: { readonly status?: string; readonly cancelReason?: string };
}

/** The way that everybody outside the house takes: HTTP and JSON through the gateway. */
@Injectable()
export class GatewayClient implements Shop {
  constructor(
    private readonly gateway: GatewayHttpClient,
    private readonly scheduler: Scheduler,
  ) {}

  async quote(basket: pricing.QuotePriceRequest): Promise<void> {
    await this.gateway.send({ method: 'POST', path: '/v1/quotes', body: basket });
  }

  async place(order: orders.PlaceOrderRequest): Promise<void> {
    await this.gateway.send({ method: 'POST', path: '/v1/orders', body: order });
  }

  async cancel(orderId: string): Promise<void> {
    const [path, template] = [`/v1/orders/${orderId}:cancel`, '/v1/orders/{order_id}:cancel'];
    await this.gateway.send({ method: 'POST', path, template, body: {} });
  }

  /** Looks again and again. */
  async follow(orderId: string, leaving: AbortSignal): Promise<OrderEnd> {
    const look = { method: 'GET', path: `/v1/orders/${orderId}`, template: '/v1/orders/{order_id}' } as const;
    for (;;) {
      const { order } = (await this.gateway.send(look)) as OrderAnswer;
      const end = toOrderEnd(order?.status, order?.cancelReason);
      if (end !== undefined) return end;
      await pause(this.scheduler, LOOK_EVERY_MS, leaving);
      leaving.throwIfAborted();
    }
  }
}

import { Injectable } from '@nestjs/common';
import { callId, Grains } from '@rookery/actors-nest';
import { orders } from '@rookery/contracts/messages';
import { type GrainCallOptions, OrdersServiceGrainClient } from '@rookery/contracts/nest';
import type { OrderCall } from '../application/order-call.js';
import { OrderPort } from '../application/order.port.js';
import type { FailureReason, Money } from '../domain/order.events.js';
import { NeighbourCall } from './neighbour-call.js';

const { CancelReason } = orders;

/** Beside those of the mapper of the contract, because an adapter looks at no controller's side; a test compares them. */
const REASONS: Readonly<Record<FailureReason, orders.CancelReason>> = {
  'out-of-stock': CancelReason.CANCEL_REASON_OUT_OF_STOCK,
  'no-price': CancelReason.CANCEL_REASON_NO_PRICE,
  'payment-declined': CancelReason.CANCEL_REASON_PAYMENT_DECLINED,
  'reservation-expired': CancelReason.CANCEL_REASON_RESERVATION_EXPIRED,
  'timed-out': CancelReason.CANCEL_REASON_TIMED_OUT,
};

@Injectable()
export class GrainOrderClient extends OrderPort {
  constructor(
    private readonly grains: Grains,
    private readonly neighbour: NeighbourCall,
  ) {
    super();
  }

  async seal(total: Money, call: OrderCall): Promise<void> {
    await this.order(call).sealOrder({ orderId: call.orderId, total }, this.options(call));
  }

  async confirm(call: OrderCall): Promise<void> {
    await this.order(call).confirmOrder({ orderId: call.orderId }, this.options(call));
  }

  async abandon(reason: FailureReason, call: OrderCall): Promise<void> {
    await this.order(call).abandonOrder({ orderId: call.orderId, reason: REASONS[reason] }, this.options(call));
  }

  private order({ orderId }: OrderCall): OrdersServiceGrainClient {
    return this.grains.get(OrdersServiceGrainClient, orderId);
  }

  private options({ commandId }: OrderCall): GrainCallOptions {
    return { headers: callId(commandId), timeoutMs: this.neighbour.timeoutMs };
  }
}

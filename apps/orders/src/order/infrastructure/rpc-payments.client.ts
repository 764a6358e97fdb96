import { Injectable } from '@nestjs/common';
import { PaymentsServiceClient } from '@rookery/contracts/nest';
import type { OrderCall } from '../application/order-call.js';
import { PaymentsPort } from '../application/payments.port.js';
import type { Money } from '../domain/order.events.js';
import { NeighbourCall } from './neighbour-call.js';
import { requireVerdict } from './payment-verdict.mapper.js';

@Injectable()
export class RpcPaymentsClient extends PaymentsPort {
  constructor(
    private readonly payments: PaymentsServiceClient,
    private readonly neighbour: NeighbourCall,
  ) {
    super();
  }

  async authorise(amount: Money, card: string, call: OrderCall): Promise<void> {
    const request = { orderId: call.orderId, amount, card };
    requireVerdict('authorise', await this.payments.authorise(request, this.neighbour.options(call)));
  }

  async capture(call: OrderCall): Promise<void> {
    const { orderId } = call;
    requireVerdict('capture', await this.payments.capture({ orderId }, this.neighbour.options(call)));
  }

  async void(call: OrderCall): Promise<void> {
    const { orderId } = call;
    requireVerdict('void', await this.payments.void({ orderId }, this.neighbour.options(call)));
  }
}

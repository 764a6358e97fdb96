import { Injectable } from '@nestjs/common';
import { callId, Grains } from '@rookery/actors-nest';
import { PaymentsServiceGrainClient } from '@rookery/contracts/nest';
import { PaymentPort } from '../application/payment.port.js';

@Injectable()
export class GrainPaymentClient extends PaymentPort {
  constructor(private readonly grains: Grains) {
    super();
  }

  async settle(orderId: string, commandId: string): Promise<void> {
    await this.payment(orderId).settle({ orderId }, { headers: callId(commandId) });
  }

  async giveUp(orderId: string, commandId: string): Promise<void> {
    await this.payment(orderId).giveUp({ orderId }, { headers: callId(commandId) });
  }

  private payment(orderId: string): PaymentsServiceGrainClient {
    return this.grains.get(PaymentsServiceGrainClient, orderId);
  }
}

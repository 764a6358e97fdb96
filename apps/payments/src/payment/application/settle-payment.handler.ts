import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { PaymentState } from '../domain/payment.events.js';
import { Settlement } from './settlement.js';

export class SettlePayment extends Command<PaymentState> {
  constructor(readonly orderId: string) {
    super();
  }
}

@CommandHandler(SettlePayment)
export class SettlePaymentHandler implements ICommandHandler<SettlePayment> {
  constructor(private readonly settlement: Settlement) {}

  execute({ orderId }: SettlePayment): Promise<PaymentState> {
    return this.settlement.of(orderId);
  }
}

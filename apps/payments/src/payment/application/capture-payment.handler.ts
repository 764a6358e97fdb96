import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Aggregates } from '@rookery/cqrs';
import { captureOf } from '../domain/outcomes.js';
import { paymentAggregate } from '../domain/payment.aggregate.js';
import type { PaymentState } from '../domain/payment.events.js';
import { Settlement } from './settlement.js';

export class CapturePayment extends Command<PaymentState> {
  constructor(readonly orderId: string) {
    super();
  }
}

@CommandHandler(CapturePayment)
export class CapturePaymentHandler implements ICommandHandler<CapturePayment> {
  constructor(
    private readonly aggregates: Aggregates,
    private readonly settlement: Settlement,
  ) {}

  async execute({ orderId }: CapturePayment): Promise<PaymentState> {
    await this.aggregates.execute(paymentAggregate, orderId, { type: 'Capture' });
    return captureOf(await this.settlement.of(orderId, 'capture'));
  }
}

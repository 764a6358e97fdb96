import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Aggregates } from '@rookery/cqrs';
import { paymentAggregate } from '../domain/payment.aggregate.js';
import type { PaymentState } from '../domain/payment.events.js';
import { Settlement } from './settlement.js';

export class GiveUpPayment extends Command<PaymentState> {
  constructor(readonly orderId: string) {
    super();
  }
}

@CommandHandler(GiveUpPayment)
export class GiveUpPaymentHandler implements ICommandHandler<GiveUpPayment> {
  constructor(
    private readonly aggregates: Aggregates,
    private readonly settlement: Settlement,
  ) {}

  async execute({ orderId }: GiveUpPayment): Promise<PaymentState> {
    await this.aggregates.execute(paymentAggregate, orderId, { type: 'GiveUp' });
    return this.settlement.of(orderId, 'void');
  }
}

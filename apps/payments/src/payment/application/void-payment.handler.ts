import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Aggregates } from '@rookery/cqrs';
import { paymentAggregate } from '../domain/payment.aggregate.js';
import type { PaymentState } from '../domain/payment.events.js';
import { Settlement } from './settlement.js';

export class VoidPayment extends Command<PaymentState> {
  constructor(readonly orderId: string) {
    super();
  }
}

@CommandHandler(VoidPayment)
export class VoidPaymentHandler implements ICommandHandler<VoidPayment> {
  constructor(
    private readonly aggregates: Aggregates,
    private readonly settlement: Settlement,
  ) {}

  async execute({ orderId }: VoidPayment): Promise<PaymentState> {
    await this.aggregates.execute(paymentAggregate, orderId, { type: 'Void', orderId });
    return this.settlement.of(orderId, 'void');
  }
}

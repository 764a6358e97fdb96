import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Aggregates } from '@rookery/cqrs';
import { authorisationOf } from '../domain/outcomes.js';
import { paymentAggregate } from '../domain/payment.aggregate.js';
import type { Money, PaymentState } from '../domain/payment.events.js';
import { Settlement } from './settlement.js';

export class AuthorisePayment extends Command<PaymentState> {
  constructor(
    readonly orderId: string,
    readonly amount: Money,
    readonly card: string,
  ) {
    super();
  }
}

@CommandHandler(AuthorisePayment)
export class AuthorisePaymentHandler implements ICommandHandler<AuthorisePayment> {
  constructor(
    private readonly aggregates: Aggregates,
    private readonly settlement: Settlement,
  ) {}

  async execute({ orderId, ...rest }: AuthorisePayment): Promise<PaymentState> {
    await this.aggregates.execute(paymentAggregate, orderId, { type: 'Authorise', orderId, ...rest });
    return authorisationOf(await this.settlement.of(orderId, 'authorise'));
  }
}

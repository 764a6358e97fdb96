import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Aggregates } from '@rookery/cqrs';
import { DomainError } from '@rookery/runtime';
import { paymentAggregate } from '../domain/payment.aggregate.js';
import type { PaymentState } from '../domain/payment.events.js';

export class GetPayment extends Query<PaymentState> {
  constructor(readonly orderId: string) {
    super();
  }
}

@QueryHandler(GetPayment)
export class GetPaymentHandler implements IQueryHandler<GetPayment> {
  constructor(private readonly aggregates: Aggregates) {}

  async execute({ orderId }: GetPayment): Promise<PaymentState> {
    const state = await this.aggregates.read(paymentAggregate, orderId);
    if (state.status !== 'none') return state;
    throw new DomainError('PAYMENT_NOT_FOUND', `nothing was ever asked for the order ${orderId}`, {
      kind: 'not-found',
    });
  }
}

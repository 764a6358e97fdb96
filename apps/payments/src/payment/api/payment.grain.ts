import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { GrainContext } from '@rookery/actors';
import type { payments } from '@rookery/contracts/messages';
import { type PaymentsServiceGrain, PaymentsServiceGrainClient } from '@rookery/contracts/nest';
import { AggregateGrain } from '@rookery/cqrs';
import { AuthorisePayment } from '../application/authorise-payment.handler.js';
import { CapturePayment } from '../application/capture-payment.handler.js';
import { GetPayment } from '../application/get-payment.query.js';
import { GiveUpPayment } from '../application/give-up-payment.handler.js';
import { SettlePayment } from '../application/settle-payment.handler.js';
import { VoidPayment } from '../application/void-payment.handler.js';
import { paymentAggregate } from '../domain/payment.aggregate.js';
import { toMoney, toPayment } from './payment.mapper.js';

/** The payment of one order. */
@AggregateGrain(PaymentsServiceGrainClient, paymentAggregate)
export class PaymentGrain implements PaymentsServiceGrain<GrainContext> {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  async authorise({ amount, card, orderId }: payments.AuthoriseRequest): Promise<payments.AuthoriseResponse> {
    return { payment: toPayment(await this.commands.execute(new AuthorisePayment(orderId, toMoney(amount), card))) };
  }

  async capture({ orderId }: payments.CaptureRequest): Promise<payments.CaptureResponse> {
    return { payment: toPayment(await this.commands.execute(new CapturePayment(orderId))) };
  }

  async void({ orderId }: payments.VoidRequest): Promise<payments.VoidResponse> {
    return { payment: toPayment(await this.commands.execute(new VoidPayment(orderId))) };
  }

  async getPayment({ orderId }: payments.GetPaymentRequest): Promise<payments.GetPaymentResponse> {
    return { payment: toPayment(await this.queries.execute(new GetPayment(orderId))) };
  }

  async settle({ orderId }: payments.SettleRequest): Promise<payments.SettleResponse> {
    return { payment: toPayment(await this.commands.execute(new SettlePayment(orderId))) };
  }

  async giveUp({ orderId }: payments.GiveUpRequest): Promise<payments.GiveUpResponse> {
    return { payment: toPayment(await this.commands.execute(new GiveUpPayment(orderId))) };
  }
}

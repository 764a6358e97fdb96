import { Injectable } from '@nestjs/common';
import { Aggregates } from '@rookery/cqrs';
import { paymentAggregate } from '../domain/payment.aggregate.js';
import type { PaymentCommand } from '../domain/payment.commands.js';
import type { PaymentState } from '../domain/payment.events.js';
import { openRequestOf, type ProviderRequest } from '../domain/provider-request.js';
import { PaymentProviderPort } from './payment-provider.port.js';

/** Takes what is open between a payment and its provider to its end. */
@Injectable()
export class Settlement {
  /** What the provider is being asked, until somebody has recorded its answer, by key: those who want it at once wait together. */
  private readonly underWay = new Map<string, Promise<PaymentCommand>>();

  constructor(
    private readonly aggregates: Aggregates,
    private readonly provider: PaymentProviderPort,
  ) {}

  /**
   * Asks the provider for what is open, of that kind or of any, and records what it answers. Gives the payment as it is when
   * nothing is open any more. What is open does not depend on who asked for it first: a repeat of the call, or a timer, goes on
   * where a crash or a silent provider stopped the one before.
   */
  async of(orderId: string, kind?: ProviderRequest['kind']): Promise<PaymentState> {
    let state = await this.aggregates.read(paymentAggregate, orderId);
    for (;;) {
      const request = openRequestOf(state);
      if (request === undefined || (kind !== undefined && request.kind !== kind)) return state;
      state = await this.close(orderId, request);
    }
  }

  /** Each call records the answer, which is done once, by its key: so each waits for it as long as it may itself. */
  private async close(orderId: string, request: ProviderRequest): Promise<PaymentState> {
    const { key } = request;
    const asked = this.underWay.get(key) ?? this.ask(request);
    this.underWay.set(key, asked);
    try {
      return await this.aggregates.execute(paymentAggregate, orderId, await asked, { commandId: key });
    } finally {
      if (this.underWay.get(key) === asked) this.underWay.delete(key);
    }
  }

  private async ask(request: ProviderRequest): Promise<PaymentCommand> {
    switch (request.kind) {
      case 'authorise':
        return { type: 'RecordAuthorisation', answer: await this.provider.authorise(request) };
      case 'capture':
        return { type: 'RecordCapture', answer: await this.provider.capture(request) };
      case 'void':
        await this.provider.void(request);
        return { type: 'RecordVoid' };
    }
  }
}

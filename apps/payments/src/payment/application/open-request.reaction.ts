import { Injectable } from '@nestjs/common';
import { Reaction } from '@rookery/cqrs';
import { type FiredCall, idOf, type RecordedEvent, type TimerChange } from '@rookery/eventsourcing';
import { PaymentsConfig } from '../../app.config.js';
import { paymentAggregate } from '../domain/payment.aggregate.js';
import type { PaymentEvent } from '../domain/payment.events.js';
import { PaymentPort } from './payment.port.js';

/** After these the provider owes an answer. */
const OPENING: ReadonlySet<PaymentEvent['type']> = new Set([
  'AuthorisationRequested',
  'CaptureRequested',
  'VoidRequested',
]);

/** A request to the provider that stays open, because a process died or the provider was silent, is made again until it is settled. */
@Injectable()
export class OpenRequest extends Reaction {
  readonly name = 'open_request';
  readonly sources = [paymentAggregate];

  constructor(
    private readonly payments: PaymentPort,
    private readonly config: PaymentsConfig,
  ) {
    super();
  }

  on({ event, recordedAt, stream }: RecordedEvent): TimerChange {
    const key = idOf(stream);
    const { type } = event as PaymentEvent;
    if (!OPENING.has(type)) return { key, isCancelled: true };
    return { key, dueAt: recordedAt + this.config.ASK_AGAIN_MS };
  }

  fire({ key: orderId }: { readonly key: string }, { commandId }: FiredCall): Promise<void> {
    return this.payments.settle(orderId, commandId);
  }
}

import { Injectable } from '@nestjs/common';
import { Reaction } from '@rookery/cqrs';
import { type DueTimer, type FiredCall, idOf, type RecordedEvent, type TimerChange } from '@rookery/eventsourcing';
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

interface Open {
  /** In ms since the epoch, by the clock of the store. Of an authorisation. */
  readonly giveUpAt?: number;
}

/**
 * A request to the provider that stays open, because a process died or the provider was silent, is made again until it is settled.
 * An authorisation is so for a time; then it is voided. A capture and a void are without end: money may have moved.
 */
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
    const dueAt = recordedAt + this.config.ASK_AGAIN_MS;
    if (type !== 'AuthorisationRequested') return { key, dueAt };
    return { key, dueAt, payload: { giveUpAt: recordedAt + this.config.AUTHORISATION_PATIENCE_MS } satisfies Open };
  }

  fire({ foundAt, key, payload }: Pick<DueTimer, 'key' | 'payload' | 'foundAt'>, call: FiredCall): Promise<void> {
    const { giveUpAt = Infinity } = (payload ?? {}) as Open;
    if (foundAt < giveUpAt) return this.payments.settle(key, call.commandId);
    return this.payments.giveUp(key, call.commandId);
  }
}

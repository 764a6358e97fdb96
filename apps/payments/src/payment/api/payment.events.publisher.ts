import { Injectable } from '@nestjs/common';
import { payments } from '@rookery/contracts/messages';
import { idOf, type RecordedEvent } from '@rookery/eventsourcing';
import { type EventType, type IntegrationEvent, integrationEvent, IntegrationEvents } from '@rookery/messaging';
import { paymentAggregate } from '../domain/payment.aggregate.js';
import type { PaymentEvent } from '../domain/payment.events.js';

/** What others hear of the payment of an order: how it ended, and never with which card. */
@Injectable()
export class PaymentEventsPublisher extends IntegrationEvents<PaymentEvent> {
  readonly source = paymentAggregate;
  readonly types: readonly EventType[] = [payments.PaymentCaptured, payments.PaymentDeclined];

  from({ event, stream }: RecordedEvent<PaymentEvent>): IntegrationEvent | undefined {
    const orderId = idOf(stream);
    switch (event.type) {
      case 'PaymentCaptured':
        return integrationEvent(payments.PaymentCaptured, { orderId, amount: { ...event.amount } }, orderId);
      case 'PaymentDeclined':
      case 'CaptureDeclined':
        return integrationEvent(payments.PaymentDeclined, { orderId, reason: event.reason }, orderId);
      default:
        return undefined;
    }
  }
}

import { describe, expect, it } from '@jest/globals';
import { payments } from '@rookery/contracts/messages';
import { type RecordedEvent, streamOf } from '@rookery/eventsourcing';
import type { PaymentEvent } from '../domain/payment.events.js';
import { PaymentEventsPublisher } from './payment.events.publisher.js';

const amount = { currency: 'EUR', minorUnits: 1200 };

function recorded(event: PaymentEvent): RecordedEvent<PaymentEvent> {
  return { stream: streamOf('payment', 'o-1'), version: 1, position: 1, event, metadata: {}, recordedAt: 0 };
}

describe('what payments tells others', () => {
  const publisher = new PaymentEventsPublisher();

  it('is what was captured', () => {
    expect(publisher.from(recorded({ type: 'PaymentCaptured', amount }))).toEqual({
      type: payments.PaymentCaptured,
      message: { orderId: 'o-1', amount },
      key: 'o-1',
    });
  });

  it.each(['PaymentDeclined', 'CaptureDeclined'] as const)('is that the provider refused: %s', (type) => {
    expect(publisher.from(recorded({ type, reason: 'no funds' }))).toEqual({
      type: payments.PaymentDeclined,
      message: { orderId: 'o-1', reason: 'no funds' },
      key: 'o-1',
    });
  });

  it.each<PaymentEvent>([
    { type: 'AuthorisationRequested', orderId: 'o-1', amount, card: 'tok_ok' },
    { type: 'PaymentAuthorised', reference: 'r' },
    { type: 'PaymentVoided' },
  ])('is nothing of what goes on before: $type', (event) => {
    expect(publisher.from(recorded(event))).toBeUndefined();
  });
});

import { describe, expect, it } from '@jest/globals';
import { authorisationOf, captureOf } from './outcomes.js';
import { paymentAggregate } from './payment.aggregate.js';
import type { PaymentEvent, PaymentState } from './payment.events.js';

const orderId = '01890000-0000-7000-8000-00000000000a';
const amount = { currency: 'EUR', minorUnits: 1999 };

const requested: PaymentEvent = { type: 'AuthorisationRequested', orderId, amount, card: 'tok_ok' };
const authorised: PaymentEvent = { type: 'PaymentAuthorised', reference: 'ref-1' };
const declined: PaymentEvent = { type: 'PaymentDeclined', reason: 'declined' };
const capturing: PaymentEvent = { type: 'CaptureRequested' };
const captured: PaymentEvent = { type: 'PaymentCaptured', amount };
const captureDeclined: PaymentEvent = { type: 'CaptureDeclined', reason: 'capture_declined' };
const voiding: PaymentEvent = { type: 'VoidRequested' };
const voided: PaymentEvent = { type: 'PaymentVoided' };

function after(...events: readonly PaymentEvent[]): PaymentState {
  return events.reduce(paymentAggregate.evolve, paymentAggregate.initialState());
}

describe('what an authorisation came to', () => {
  const first = authorisationOf(after(requested, authorised));

  it('is the provider’s word', () => {
    expect(first).toEqual({ status: 'authorised', orderId, amount, card: 'tok_ok', reference: 'ref-1' });
    expect(authorisationOf(after(requested, declined))).toMatchObject({
      status: 'declined',
      declineReason: 'declined',
    });
  });

  it.each<[string, readonly PaymentEvent[]]>([
    ['captured', [capturing, captured]],
    ['declined at its capture', [capturing, captureDeclined]],
    ['voided', [voiding, voided]],
    ['voided because its capture was declined', [capturing, captureDeclined, voiding, voided]],
  ])('stays the same when the payment is %s', (_what, events) => {
    expect(authorisationOf(after(requested, authorised, ...events))).toEqual(first);
  });

  it('is a refusal when it was voided before anybody knew', () => {
    expect(() => authorisationOf(after(requested, voiding))).toThrow(
      expect.objectContaining({ code: 'PAYMENT_VOIDED' }),
    );
    expect(() => authorisationOf(after(requested, voiding, voided))).toThrow(
      expect.objectContaining({ code: 'PAYMENT_VOIDED' }),
    );
  });
});

describe('what a capture came to', () => {
  it('is the provider’s word, also when the payment was voided because of it', () => {
    expect(captureOf(after(requested, authorised, capturing, captured)).status).toBe('captured');
    const first = captureOf(after(requested, authorised, capturing, captureDeclined));
    expect(first).toMatchObject({ status: 'capture-declined', declineReason: 'capture_declined' });
    expect(captureOf(after(requested, authorised, capturing, captureDeclined, voiding, voided))).toEqual(first);
  });
});

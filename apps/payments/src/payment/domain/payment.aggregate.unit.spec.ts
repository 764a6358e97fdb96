import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@rookery/runtime';
import { specify } from '@rookery/eventsourcing/testing';
import fc from 'fast-check';
import { paymentAggregate } from './payment.aggregate.js';
import type { PaymentCommand } from './payment.commands.js';
import type { PaymentEvent, PaymentState } from './payment.events.js';
import { openRequestOf } from './provider-request.js';

const orderId = '01890000-0000-7000-8000-00000000000a';
const amount = { currency: 'EUR', minorUnits: 1999 };
const authorise: PaymentCommand = { type: 'Authorise', orderId, amount, card: 'tok_ok' };
const capture: PaymentCommand = { type: 'Capture' };
const voidPayment: PaymentCommand = { type: 'Void', orderId };
const approved = { isApproved: true, reference: 'ref-1' } as const;
const declinedBy = { isApproved: false, reason: 'insufficient_funds' } as const;

const requested: PaymentEvent = { type: 'AuthorisationRequested', orderId, amount, card: 'tok_ok' };
const authorised: PaymentEvent = { type: 'PaymentAuthorised', reference: 'ref-1' };
const declined: PaymentEvent = { type: 'PaymentDeclined', reason: 'insufficient_funds' };
const capturing: PaymentEvent = { type: 'CaptureRequested' };
const captured: PaymentEvent = { type: 'PaymentCaptured', amount };
const captureDeclined: PaymentEvent = { type: 'CaptureDeclined', reason: 'insufficient_funds' };
const voiding: PaymentEvent = { type: 'VoidRequested' };
const voided: PaymentEvent = { type: 'PaymentVoided' };
const forestalled: PaymentEvent = { type: 'PaymentForestalled', orderId };
const payment = specify(paymentAggregate);

describe('authorising', () => {
  it('is recorded before the provider is asked', () =>
    payment
      .given()
      .when(authorise)
      .then(requested)
      .andAnswers({ status: 'authorising', orderId, amount, card: 'tok_ok' }));

  it('again asks for nothing new', () => {
    payment.given(requested).when(authorise).thenNothing();
    payment.given(requested, authorised, capturing, captured).when(authorise).thenNothing();
    payment.given(requested, declined).when(authorise).thenNothing();
  });

  it('another amount, or with another card, is refused', () => {
    const more = { ...authorise, amount: { ...amount, minorUnits: 2000 } };
    payment.given(requested).when(more).thenRejects('PAYMENT_DIFFERS');
    payment
      .given(requested)
      .when({ ...authorise, card: 'tok_slow' })
      .thenRejects('PAYMENT_DIFFERS');
  });

  it('is refused when it was voided, also before it came', () => {
    payment.given(requested, voiding).when(authorise).thenRejects('PAYMENT_VOIDED');
    payment.given(forestalled).when(authorise).thenRejects('PAYMENT_VOIDED');
  });

  it('ends as the provider says, first answer first', () => {
    payment.given(requested).when({ type: 'RecordAuthorisation', answer: approved }).then(authorised);
    payment.given(requested).when({ type: 'RecordAuthorisation', answer: declinedBy }).then(declined);
    payment.given(requested, authorised).when({ type: 'RecordAuthorisation', answer: declinedBy }).thenNothing();
    payment.given(requested, voiding).when({ type: 'RecordAuthorisation', answer: approved }).thenNothing();
  });
});

describe('capturing', () => {
  it('is recorded before the provider is asked', () =>
    void payment.given(requested, authorised).when(capture).then(capturing));

  it('again asks for nothing new', () => {
    payment.given(requested, authorised, capturing).when(capture).thenNothing();
    payment.given(requested, authorised, capturing, captured).when(capture).thenNothing();
    payment.given(requested, authorised, capturing, captureDeclined).when(capture).thenNothing();
  });

  it('is refused when nothing is authorised', () => {
    payment.given().when(capture).thenRejects('PAYMENT_NOT_AUTHORISED');
    payment.given(requested).when(capture).thenRejects('PAYMENT_NOT_AUTHORISED');
    payment.given(requested, declined).when(capture).thenRejects('PAYMENT_NOT_AUTHORISED');
    payment.given(requested, authorised, voiding, voided).when(capture).thenRejects('PAYMENT_VOIDED');
  });

  it('ends as the provider says, first answer first', () => {
    const asked = payment.given(requested, authorised, capturing);
    asked.when({ type: 'RecordCapture', answer: approved }).then(captured);
    asked.when({ type: 'RecordCapture', answer: declinedBy }).then(captureDeclined);
    const taken = payment.given(requested, authorised, capturing, captured);
    taken.when({ type: 'RecordCapture', answer: declinedBy }).thenNothing();
  });
});

describe('voiding', () => {
  it('gives up what is authorised, or may be', () => {
    payment.given(requested).when(voidPayment).then(voiding);
    payment.given(requested, authorised).when(voidPayment).then(voiding);
    payment.given(requested, authorised, capturing, captureDeclined).when(voidPayment).then(voiding);
    payment.given(requested, authorised, voiding).when({ type: 'RecordVoid' }).then(voided);
  });

  it('what is unknown is remembered', () =>
    payment.given().when(voidPayment).then(forestalled).andAnswers({ status: 'voided', orderId }));

  it('what is declined or void does nothing', () => {
    payment.given(requested, declined).when(voidPayment).thenNothing();
    payment.given(requested, voiding).when(voidPayment).thenNothing();
    payment.given(requested, voiding, voided).when({ type: 'RecordVoid' }).thenNothing();
    payment.given(forestalled).when(voidPayment).thenNothing();
  });

  it('what was captured, or may have been, is refused', () => {
    payment.given(requested, authorised, capturing).when(voidPayment).thenRejects('PAYMENT_CAPTURED');
    payment.given(requested, authorised, capturing, captured).when(voidPayment).thenRejects('PAYMENT_CAPTURED');
  });
});

describe('giving up', () => {
  const giveUp: PaymentCommand = { type: 'GiveUp' };

  it('voids what is not known to be authorised', () =>
    void payment
      .given(requested)
      .when(giveUp)
      .then(voiding)
      .andAnswers({
        ...{ status: 'voiding', orderId, amount, card: 'tok_ok' },
      }));

  it('does nothing to what is known, nor to what is none', () => {
    for (const events of [
      [],
      [requested, authorised],
      [requested, declined],
      [requested, authorised, capturing],
      [requested, authorised, capturing, captured],
      [requested, authorised, capturing, captureDeclined],
      [requested, voiding],
      [requested, voiding, voided],
      [forestalled],
    ])
      payment
        .given(...events)
        .when(giveUp)
        .thenNothing();
  });
});

describe('whatever is asked, in whatever order', () => {
  const answer = fc.constantFrom(approved, declinedBy);
  const command: fc.Arbitrary<PaymentCommand> = fc.oneof(
    fc.constantFrom<PaymentCommand>(authorise, { ...authorise, card: 'tok_slow' }, capture, voidPayment),
    fc.constantFrom<PaymentCommand>({ type: 'RecordVoid' }, { type: 'GiveUp' }),
    fc.record({ type: fc.constantFrom('RecordAuthorisation', 'RecordCapture'), answer }),
  );
  const commands = fc.array(command, { maxLength: 30 });

  it('asking again changes nothing', () => {
    fc.assert(
      fc.property(commands, command, (before, one) => {
        const once = [...before, one].reduce(after, paymentAggregate.initialState());
        expect(after(once, one)).toEqual(once);
      }),
    );
  });

  it('money is taken only after it was set aside, and never given up as well', () => {
    fc.assert(
      fc.property(commands, (all) => {
        const types: string[] = [];
        all.reduce((state, one) => {
          types.push(...eventsOf(state, one).map(({ type }) => type));
          return after(state, one);
        }, paymentAggregate.initialState());
        expect(types.filter((type) => type === 'PaymentCaptured').length).toBeLessThanOrEqual(1);
        if (!types.includes('PaymentCaptured')) return;
        expect(types).toEqual(['AuthorisationRequested', 'PaymentAuthorised', 'CaptureRequested', 'PaymentCaptured']);
      }),
    );
  });

  it('the provider is asked for one thing at a time, under a key that is the same each time', () => {
    const open = openRequestOf([requested].reduce(paymentAggregate.evolve, paymentAggregate.initialState()));
    expect(open).toEqual({ kind: 'authorise', key: `authorise-${orderId}`, amount, card: 'tok_ok' });
    fc.assert(
      fc.property(commands, (all) => {
        const state = all.reduce(after, paymentAggregate.initialState());
        const isOpen = ['authorising', 'capturing', 'voiding'].includes(state.status);
        expect(openRequestOf(state) !== undefined).toBe(isOpen);
      }),
    );
  });

  function after(state: PaymentState, one: PaymentCommand): PaymentState {
    return eventsOf(state, one).reduce(paymentAggregate.evolve, state);
  }

  /** None also when it is refused. */
  function eventsOf(state: PaymentState, one: PaymentCommand): readonly PaymentEvent[] {
    try {
      return paymentAggregate.decide(state, one);
    } catch (error) {
      if (error instanceof DomainError) return [];
      throw error;
    }
  }
});

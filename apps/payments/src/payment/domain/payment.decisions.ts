import { DomainError } from '@rookery/runtime';
import type { Authorise, RecordAuthorisation, RecordCapture, Void } from './payment.commands.js';
import type { PaymentEvent, PaymentState } from './payment.events.js';

export function authorise(state: PaymentState, { orderId, amount, card }: Authorise): PaymentEvent[] {
  if (state.status === 'none') return [{ type: 'AuthorisationRequested', orderId, amount, card }];
  if (state.status === 'voiding' || state.status === 'voided') throw voided();
  const isSame =
    state.amount?.currency === amount.currency && state.amount.minorUnits === amount.minorUnits && state.card === card;
  if (!isSame) throw new DomainError('PAYMENT_DIFFERS', 'the order is being paid with another amount or card');
  return [];
}

export function capture(state: PaymentState): PaymentEvent[] {
  switch (state.status) {
    case 'authorised':
      return [{ type: 'CaptureRequested' }];
    case 'capturing':
    case 'captured':
    case 'capture-declined':
      return [];
    case 'voiding':
    case 'voided':
      throw voided();
    case 'none':
    case 'authorising':
    case 'declined':
      throw new DomainError('PAYMENT_NOT_AUTHORISED', 'there is nothing authorised that could be captured');
  }
}

/** A payment that is being authorised is voided too: the provider gives up whatever it did, or would do, under that key. */
export function voidPayment(state: PaymentState, { orderId }: Void): PaymentEvent[] {
  switch (state.status) {
    case 'none':
      return [{ type: 'PaymentForestalled', orderId }];
    case 'authorising':
    case 'authorised':
    case 'capture-declined':
      return [{ type: 'VoidRequested' }];
    case 'capturing':
    case 'captured':
      throw new DomainError('PAYMENT_CAPTURED', 'the money was taken, or may have been');
    case 'declined':
    case 'voiding':
    case 'voided':
      return [];
  }
}

/** Only what nobody knows is given up: whoever has heard that it is authorised builds on it. */
export function giveUp({ status }: PaymentState): PaymentEvent[] {
  return status === 'authorising' ? [{ type: 'VoidRequested' }] : [];
}

/** The first answer counts. One that comes twice, or after the payment was voided, changes nothing. */
export function recordAuthorisation({ status }: PaymentState, { answer }: RecordAuthorisation): PaymentEvent[] {
  if (status !== 'authorising') return [];
  return answer.isApproved
    ? [{ type: 'PaymentAuthorised', reference: answer.reference }]
    : [{ type: 'PaymentDeclined', reason: answer.reason }];
}

export function recordCapture({ status, amount }: PaymentState, { answer }: RecordCapture): PaymentEvent[] {
  if (status !== 'capturing' || amount === undefined) return [];
  return answer.isApproved
    ? [{ type: 'PaymentCaptured', amount }]
    : [{ type: 'CaptureDeclined', reason: answer.reason }];
}

export function recordVoid({ status }: PaymentState): PaymentEvent[] {
  return status === 'voiding' ? [{ type: 'PaymentVoided' }] : [];
}

function voided(): DomainError {
  return new DomainError('PAYMENT_VOIDED', 'the payment was voided');
}

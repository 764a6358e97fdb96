import { DomainError } from '@rookery/runtime';
import type { PaymentState } from './payment.events.js';

/**
 * The payment as its authorisation left it, whatever has been done with it since: so a repeat hears what was said first.
 * Throws PAYMENT_VOIDED when it was given up before anybody knew.
 */
export function authorisationOf({ declineReason, ...state }: PaymentState): PaymentState {
  if (state.reference !== undefined) return { ...state, status: 'authorised' };
  if (state.status === 'voiding' || state.status === 'voided') {
    throw new DomainError('PAYMENT_VOIDED', 'the payment was voided before it was authorised');
  }
  return declineReason === undefined ? state : { ...state, declineReason };
}

/** The payment as its capture left it. What was captured stays so; what was declined may have been voided since. */
export function captureOf(state: PaymentState): PaymentState {
  const isDeclined = state.status === 'voiding' || state.status === 'voided';
  return isDeclined ? { ...state, status: 'capture-declined' } : state;
}

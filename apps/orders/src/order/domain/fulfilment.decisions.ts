import { nextStep, type Step } from './fulfilment-steps.js';
import type { Failure, ReportStep, StartFulfilment } from './fulfilment.commands.js';
import type { FulfilmentEvent, FulfilmentState } from './fulfilment.events.js';
import type { CancelReason } from './order.events.js';

export function startFulfilment(
  state: FulfilmentState,
  { type: _, ...assignment }: StartFulfilment,
): FulfilmentEvent[] {
  return state.phase === 'none' ? [{ type: 'FulfilmentStarted', ...assignment }] : [];
}

export function reportStep(state: FulfilmentState, { step: name, outcome }: ReportStep): FulfilmentEvent[] {
  const step = nextStep(state);
  if (step?.name !== name) return [];
  if (outcome.status === 'failed') {
    const turn = turnOf(step, outcome);
    return turn === undefined ? [] : [turn];
  }
  return [{ type: 'StepDone', step: name, ...(outcome.total === undefined ? {} : { total: outcome.total }) }];
}

/**
 * At the seal or before, nothing is sold. Later it is old news: the order was sealed before it could be cancelled, or this
 * very process has cancelled it.
 */
export function noteCancellation(state: FulfilmentState): FulfilmentEvent[] {
  const step = nextStep(state);
  const isEarly = state.phase === 'forward' && (step?.kind === 'seal' || step?.giveUpAt !== undefined);
  return isEarly ? [{ type: 'FulfilmentTurned', reason: 'customer', isStepOpen: true }] : [];
}

/** By step: the codes that say for good that it is not done, and why the order ends then. */
const REFUSALS: Partial<Record<Step['kind'], Readonly<Record<string, CancelReason>>>> = {
  quote: { SKU_UNKNOWN: 'no-price', CURRENCY_UNSUPPORTED: 'no-price' },
  reserve: {
    OUT_OF_STOCK: 'out-of-stock',
    RESERVATION_EXPIRED: 'reservation-expired',
    RESERVATION_RELEASED: 'reservation-expired',
  },
  // Payments gives up by itself what its provider does not answer.
  authorise: { PAYMENT_DECLINED: 'payment-declined', PAYMENT_VOIDED: 'timed-out' },
  seal: { ORDER_CANCELLED: 'customer' },
  commit: {
    RESERVATION_EXPIRED: 'reservation-expired',
    RESERVATION_RELEASED: 'reservation-expired',
    RESERVATION_UNKNOWN: 'reservation-expired',
  },
  capture: {
    CAPTURE_DECLINED: 'payment-declined',
    PAYMENT_VOIDED: 'payment-declined',
    PAYMENT_NOT_AUTHORISED: 'payment-declined',
  },
};

/**
 * Where a failure ends the way there: the step was refused for good, or patience with the neighbour has ended. Undefined: the
 * step is to be done again. No neighbour may refuse a step of the way back, or one behind the pivot but the capture: those are
 * done until they are done.
 */
export function turnOf({ giveUpAt, kind }: Step, { at, code }: Failure): FulfilmentEvent | undefined {
  const reason = REFUSALS[kind]?.[code];
  if (reason !== undefined) return { type: 'FulfilmentTurned', reason, isStepOpen: false };
  const isGivenUp = giveUpAt !== undefined && at >= giveUpAt;
  return isGivenUp ? { type: 'FulfilmentTurned', reason: 'timed-out', isStepOpen: true } : undefined;
}

import { nextStep, type Step } from './fulfilment-steps.js';
import type { ReportStep, StartFulfilment, StepOutcome } from './fulfilment.commands.js';
import type { FulfilmentEvent, FulfilmentState } from './fulfilment.events.js';
import type { CancelReason } from './order.events.js';

type Failure = Extract<StepOutcome, { readonly status: 'failed' }>;

export function startFulfilment(
  state: FulfilmentState,
  { type: _, ...assignment }: StartFulfilment,
): FulfilmentEvent[] {
  return state.phase === 'none' ? [{ type: 'FulfilmentStarted', ...assignment }] : [];
}

export function reportStep(state: FulfilmentState, { step: name, outcome }: ReportStep): FulfilmentEvent[] {
  const step = nextStep(state);
  if (step?.name !== name) return [];
  if (outcome.status === 'failed') return failed(state, step, outcome);
  return [{ type: 'StepDone', step: name, ...(outcome.total === undefined ? {} : { total: outcome.total }) }];
}

/**
 * At the seal or before, nothing is sold. Later it is old news: the order was sealed before it could be cancelled, or this
 * very process has cancelled it.
 */
export function noteCancellation(state: FulfilmentState): FulfilmentEvent[] {
  const kind = nextStep(state)?.kind;
  const isEarly = state.phase === 'forward' && (kind === 'seal' || canBeGivenUp(kind));
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
  authorise: { PAYMENT_DECLINED: 'payment-declined', PAYMENT_VOIDED: 'payment-declined' },
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
 * A step that failed is done again, but for two cases: it was refused for good, or patience with the neighbour has ended. No
 * neighbour may refuse a step of the way back, or one behind the pivot but the capture: those are done until they are done.
 */
function failed(state: FulfilmentState, { kind }: Step, { code, at }: Failure): FulfilmentEvent[] {
  if (state.phase !== 'forward') return [];
  const reason = REFUSALS[kind]?.[code];
  if (reason !== undefined) return [{ type: 'FulfilmentTurned', reason, isStepOpen: false }];
  const isGivenUp = at >= state.giveUpAt && canBeGivenUp(kind);
  return isGivenUp ? [{ type: 'FulfilmentTurned', reason: 'timed-out', isStepOpen: true }] : [];
}

/** Before the seal, where what may have been done is undone by the same command as what was. */
function canBeGivenUp(kind: Step['kind'] | undefined): boolean {
  return kind === 'quote' || kind === 'reserve' || kind === 'authorise';
}

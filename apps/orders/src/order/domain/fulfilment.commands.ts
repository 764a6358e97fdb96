import type { Assignment, StepName } from './fulfilment.events.js';
import type { Money } from './order.events.js';

/** What the fulfilment of one order is told. All may be repeated. */
export type FulfilmentCommand = StartFulfilment | ReportStep | NoteCancellation;

export interface StartFulfilment extends Assignment {
  readonly type: 'StartFulfilment';
}

/** How an attempt at a step ended. Of a step that is not the one to be done now it is old news. */
export interface ReportStep {
  readonly type: 'ReportStep';
  readonly step: StepName;
  readonly outcome: StepOutcome;
}

/** The customer has cancelled the order. */
export interface NoteCancellation {
  readonly type: 'NoteCancellation';
}

/**
 * - `done`: it is done, now or before. A quote says how much.
 * - `failed`: `code` says why; a neighbour's that is known to refuse for good ends the way there, and any other leaves it open
 *   whether the step is done. `at` is when that was found, in ms since the epoch.
 */
export type StepOutcome =
  { readonly status: 'done'; readonly total?: Money } | (Failure & { readonly status: 'failed' });

export interface Failure {
  readonly code: string;
  readonly at: number;
}

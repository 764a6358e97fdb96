import type { CancelReason, Money, OrderLine } from './order.events.js';

/** What can have happened in the fulfilment of one order. */
export type FulfilmentEvent = FulfilmentStarted | StepDone | FulfilmentTurned;

interface FulfilmentStarted extends Assignment {
  readonly type: 'FulfilmentStarted';
}

interface StepDone {
  readonly type: 'StepDone';
  readonly step: StepName;
  /** Of the quote. */
  readonly total?: Money;
}

/** From here on it undoes what was done, and the order ends as cancelled. */
interface FulfilmentTurned {
  readonly type: 'FulfilmentTurned';
  readonly reason: CancelReason;
  /** The step at which it turned may have been done, or be done yet, without anybody here having heard of it. */
  readonly isStepOpen: boolean;
}

/** Unique in one fulfilment: `capture`, `reserve:tea`. */
export type StepName = string;

/** What the process must know of the order. */
export interface Assignment {
  readonly orderId: string;
  readonly lines: readonly OrderLine[];
  readonly currency: string;
  readonly card: string;
  /** In ms since the epoch: afterwards a neighbour that does not answer ends the order, as long as that can be undone. */
  readonly giveUpAt: number;
}

export type FulfilmentState =
  | { readonly phase: 'none' }
  /** `done` steps of the way there are done. */
  | (Assignment & { readonly phase: 'forward'; readonly done: number; readonly total?: Money })
  /** `done` steps of the way back are done; `reached` of the way there were, or may have been. */
  | (Assignment & {
      readonly phase: 'backward';
      readonly done: number;
      readonly reached: number;
      readonly reason: CancelReason;
    });

import type { Aggregate } from '@rookery/eventsourcing';
import { nextStep, type Step } from './fulfilment-steps.js';
import type { FulfilmentCommand } from './fulfilment.commands.js';
import { noteCancellation, reportStep, startFulfilment } from './fulfilment.decisions.js';
import type { FulfilmentEvent, FulfilmentState } from './fulfilment.events.js';

/**
 * Sees one order through, as a stream of its own: quote, reserve, authorise, seal, commit, capture, confirm, or back. It does
 * nothing itself. Whoever runs it does the step that it names, under the step's command id, as often as it takes, and reports
 * how it ended; a runner that knows nothing but the stream goes on where another one stopped.
 *
 * A command is answered with the step that is to be done now, or null when there is none.
 */
export const fulfilmentProcess: Aggregate<FulfilmentState, FulfilmentCommand, FulfilmentEvent, Step | null> = {
  name: 'fulfilment',
  initialState: () => ({ phase: 'none' }),
  decide(state, command) {
    switch (command.type) {
      case 'StartFulfilment':
        return startFulfilment(state, command);
      case 'ReportStep':
        return reportStep(state, command);
      case 'NoteCancellation':
        return noteCancellation(state);
    }
  },
  evolve,
  answer: (state) => nextStep(state) ?? null,
};

function evolve(state: FulfilmentState, event: FulfilmentEvent): FulfilmentState {
  if (event.type === 'FulfilmentStarted') {
    const { type: _, ...assignment } = event;
    return { phase: 'forward', ...assignment, done: 0 };
  }
  if (state.phase === 'none') return state;
  if (event.type === 'StepDone') {
    const done = state.done + 1;
    if (state.phase === 'backward') return { ...state, done };
    return { ...state, done, ...(event.total === undefined ? {} : { total: event.total }) };
  }
  const { orderId, lines, currency, card, eventId, giveUpAt, done } = state;
  const reached = event.isStepOpen ? done + 1 : done;
  return {
    phase: 'backward',
    orderId,
    lines,
    currency,
    card,
    eventId,
    giveUpAt,
    done: 0,
    reached,
    reason: event.reason,
  };
}

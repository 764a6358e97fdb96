import { idOf, type ProcessManager, type RecordedEvent, type RoutedInput } from '@rookery/eventsourcing';
import { nextStep, type Step } from './fulfilment-steps.js';
import type { FulfilmentCommand } from './fulfilment.commands.js';
import { noteCancellation, reportStep, startFulfilment } from './fulfilment.decisions.js';
import type { FulfilmentEvent, FulfilmentState } from './fulfilment.events.js';
import { orderAggregate } from './order.aggregate.js';
import type { OrderEvent } from './order.events.js';

export type FulfilmentProcess = ProcessManager<FulfilmentState, FulfilmentCommand, FulfilmentEvent, Step>;

/**
 * Sees each order through, as a stream of its own: quote, reserve, authorise, seal, commit, capture, confirm, or back. It does
 * nothing itself. Whoever runs it does the step that it names, as often as it takes, and reports how it ended; a runner that
 * knows nothing but the stream goes on where another one stopped.
 *
 * @param patienceMs how long after its placing an order waits for neighbours that do not answer
 */
export function fulfilmentProcess(patienceMs: number): FulfilmentProcess {
  return {
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
    next: nextStep,
    sources: [orderAggregate],
    route: (event) => route(event, patienceMs),
  };
}

function route(
  { event: recorded, recordedAt, stream }: RecordedEvent,
  patienceMs: number,
): RoutedInput<FulfilmentCommand> | undefined {
  const event = recorded as OrderEvent;
  if (event.type === 'OrderPlaced') {
    const { orderId, lines, currency, card } = event;
    const assignment = { orderId, lines, currency, card, giveUpAt: recordedAt + patienceMs };
    return { id: orderId, input: { type: 'StartFulfilment', ...assignment } };
  }
  // What else ends or seals an order is the doing of its own fulfilment.
  const isByCustomer = event.type === 'OrderCancelled' && event.reason === 'customer';
  return isByCustomer ? { id: idOf(stream), input: { type: 'NoteCancellation' } } : undefined;
}

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
  const { orderId, lines, currency, card, giveUpAt, done } = state;
  const reached = event.isStepOpen ? done + 1 : done;
  return {
    phase: 'backward',
    orderId,
    lines,
    currency,
    card,
    giveUpAt,
    done: 0,
    reached,
    reason: event.reason,
  };
}

import { describe, expect, it } from '@jest/globals';
import { specify } from '@rookery/eventsourcing/testing';
import { nextStep } from './fulfilment-steps.js';
import type { FulfilmentCommand, StepOutcome } from './fulfilment.commands.js';
import type { FulfilmentEvent } from './fulfilment.events.js';
import { fulfilmentProcess } from './fulfilment.process.js';
import type { OrderEvent } from './order.events.js';

const patienceMs = 60_000;
const manager = fulfilmentProcess(patienceMs);

const giveUpAt = 1_766_000_060_000;
const soon = giveUpAt - 1;
const total = { currency: 'EUR', minorUnits: 2150 };
const assignment = {
  orderId: '01890000-0000-7000-8000-00000000000a',
  lines: [
    { sku: 'tea', quantity: 2 },
    { sku: 'mug', quantity: 1 },
  ],
  currency: 'EUR',
  card: 'tok_ok',
  giveUpAt,
};
const started: FulfilmentEvent = { type: 'FulfilmentStarted', ...assignment };
const quoted: FulfilmentEvent = { type: 'StepDone', step: 'quote', total };
const way = ['reserve:tea', 'reserve:mug', 'authorise', 'seal', 'commit:tea', 'commit:mug', 'capture', 'confirm'];
/** Up to the step that is named, which is still to be done. */
const upTo = (step: string): FulfilmentEvent[] => {
  const done = step === 'quote' ? [] : way.slice(0, way.indexOf(step));
  return [
    started,
    ...(step === 'quote' ? [] : [quoted]),
    ...done.map((name) => ({ type: 'StepDone', step: name }) as const),
  ];
};
const stateAfter = (events: readonly FulfilmentEvent[]) => events.reduce(manager.evolve, manager.initialState());
const done = (step: string): FulfilmentCommand => ({ type: 'ReportStep', step, outcome: { status: 'done' } });
const failed = (step: string, code: string, at = soon): FulfilmentCommand => ({
  type: 'ReportStep',
  step,
  outcome: { status: 'failed', code, at },
});
const turned = (reason: string, isStepOpen: boolean) =>
  ({ type: 'FulfilmentTurned', reason, isStepOpen }) as FulfilmentEvent;
/** The steps from here on, when each is done. */
function stepsFrom(events: readonly FulfilmentEvent[]): string[] {
  const names: string[] = [];
  let state = stateAfter(events);
  for (let step = nextStep(state); step !== undefined; step = nextStep(state)) {
    names.push(step.name);
    const outcome: StepOutcome = { status: 'done', ...(step.kind === 'quote' ? { total } : {}) };
    const report: FulfilmentCommand = { type: 'ReportStep', step: step.name, outcome };
    state = manager.decide(state, report).reduce(manager.evolve, state);
  }
  return names;
}
const fulfilment = specify(manager);

describe('the way there', () => {
  it('goes from the quote to the confirmation', () => {
    expect(stepsFrom([started])).toEqual(['quote', ...way]);
  });

  it('begins once', () => {
    fulfilment
      .given()
      .when({ type: 'StartFulfilment', ...assignment })
      .then(started);
    fulfilment
      .given(started, quoted)
      .when({ type: 'StartFulfilment', ...assignment, giveUpAt: 1 })
      .thenNothing();
  });

  it('takes to each step what it needs', () => {
    expect(nextStep(stateAfter(upTo('authorise')))).toEqual({
      name: 'authorise',
      kind: 'authorise',
      amount: total,
      card: 'tok_ok',
      giveUpAt,
    });
    expect(nextStep(stateAfter(upTo('reserve:mug')))).toMatchObject({ line: { sku: 'mug', quantity: 1 } });
    expect(nextStep(stateAfter(upTo('seal')))).toMatchObject({ total });
  });

  it('hears of a step that is not the one to be done as of old news', () => {
    fulfilment
      .given(...upTo('authorise'))
      .when(done('reserve:mug'))
      .thenNothing();
    fulfilment
      .given(...upTo('authorise'))
      .when(failed('reserve:mug', 'OUT_OF_STOCK'))
      .thenNothing();
  });
});

describe('the way back', () => {
  it.each([
    ['quote', 'SKU_UNKNOWN', 'no-price', ['abandon']],
    ['reserve:tea', 'OUT_OF_STOCK', 'out-of-stock', ['abandon']],
    ['reserve:mug', 'OUT_OF_STOCK', 'out-of-stock', ['release:tea', 'abandon']],
    ['authorise', 'PAYMENT_DECLINED', 'payment-declined', ['release:tea', 'release:mug', 'abandon']],
    ['authorise', 'PAYMENT_VOIDED', 'timed-out', ['release:tea', 'release:mug', 'abandon']],
    ['seal', 'ORDER_CANCELLED', 'customer', ['release:tea', 'release:mug', 'void']],
    ['commit:tea', 'RESERVATION_EXPIRED', 'reservation-expired', ['release:tea', 'release:mug', 'void', 'abandon']],
    ['commit:mug', 'RESERVATION_EXPIRED', 'reservation-expired', ['return:tea', 'release:mug', 'void', 'abandon']],
    ['capture', 'CAPTURE_DECLINED', 'payment-declined', ['return:tea', 'return:mug', 'void', 'abandon']],
  ])('from %s refused with %s undoes what was done', (step, code, reason, back) => {
    const turn = turned(reason, false);
    fulfilment
      .given(...upTo(step))
      .when(failed(step, code))
      .then(turn);
    expect(stepsFrom([...upTo(step), turn])).toEqual(back);
  });

  it.each([
    ['quote', ['abandon']],
    ['reserve:tea', ['release:tea', 'abandon']],
    ['reserve:mug', ['release:tea', 'release:mug', 'abandon']],
    ['authorise', ['release:tea', 'release:mug', 'void', 'abandon']],
  ])('from %s without an answer, when patience ends, undoes that step too', (step, back) => {
    const turn = turned('timed-out', true);
    fulfilment
      .given(...upTo(step))
      .when(failed(step, 'UNAVAILABLE', soon))
      .thenNothing();
    fulfilment
      .given(...upTo(step))
      .when(failed(step, 'UNAVAILABLE', giveUpAt))
      .then(turn);
    expect(stepsFrom([...upTo(step), turn])).toEqual(back);
  });

  it('begins when the customer cancels before the seal, and leaves the order as it is', () => {
    const turn = turned('customer', true);
    fulfilment
      .given(...upTo('reserve:mug'))
      .when({ type: 'NoteCancellation' })
      .then(turn);
    expect(stepsFrom([...upTo('reserve:mug'), turn])).toEqual(['release:tea', 'release:mug']);
  });

  it('is not taken twice', () => {
    const turn = turned('timed-out', true);
    fulfilment
      .given(...upTo('authorise'), turn)
      .when({ type: 'NoteCancellation' })
      .thenNothing();
    fulfilment
      .given(...upTo('authorise'), turn)
      .when(failed('release:tea', 'OUT_OF_STOCK', giveUpAt))
      .thenNothing();
  });
});

describe('what only goes on', () => {
  it.each(['seal', 'commit:tea', 'commit:mug', 'capture', 'confirm'])(
    '%s without an answer is done again for ever',
    (step) =>
      void fulfilment
        .given(...upTo(step))
        .when(failed(step, 'UNAVAILABLE', giveUpAt + 1_000_000))
        .thenNothing(),
  );

  it.each(['commit:tea', 'capture', 'confirm'])(
    '%s hears of a cancellation as of old news',
    (step) =>
      void fulfilment
        .given(...upTo(step))
        .when({ type: 'NoteCancellation' })
        .thenNothing(),
  );

  it('a refusal in words that nobody here knows leaves the step open', () => {
    fulfilment
      .given(...upTo('capture'))
      .when(failed('capture', 'COMMAND_ID_TAKEN', giveUpAt))
      .thenNothing();
    fulfilment
      .given(...upTo('confirm'))
      .when(failed('confirm', 'ORDER_NOT_SEALED', giveUpAt))
      .thenNothing();
    fulfilment
      .given(...upTo('authorise'))
      .when(failed('authorise', 'SCOPE_MISSING'))
      .thenNothing();
  });
});

describe('what it hears of its order', () => {
  const { orderId, lines, currency, card } = assignment;
  const heard = (event: OrderEvent) =>
    manager.route({
      ...{ stream: `order-${orderId}`, version: 1, position: 7, metadata: {} },
      ...{ event, recordedAt: giveUpAt - patienceMs },
    });

  it('begins when it is placed, and its patience with it', () => {
    const placed: OrderEvent = { type: 'OrderPlaced', orderId, customer: 'ada', lines, currency, card, at: 1 };
    expect(heard(placed)).toEqual({ id: orderId, input: { type: 'StartFulfilment', ...assignment } });
  });

  it('is told that the customer has cancelled, and not what it has done itself', () => {
    const cancelled = { id: orderId, input: { type: 'NoteCancellation' } };
    expect(heard({ type: 'OrderCancelled', reason: 'customer' })).toEqual(cancelled);
    expect(heard({ type: 'OrderCancelled', reason: 'out-of-stock' })).toBeUndefined();
    expect(heard({ type: 'OrderSealed', total })).toBeUndefined();
    expect(heard({ type: 'OrderConfirmed', total })).toBeUndefined();
  });
});

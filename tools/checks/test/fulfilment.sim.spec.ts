import { describe, expect, it } from '@jest/globals';
import { stockAggregate } from '../../../apps/inventory/src/stock/domain/stock.aggregate.js';
import { paymentAggregate } from '../../../apps/payments/src/payment/domain/payment.aggregate.js';
import { orderAggregate } from '../../../apps/orders/src/order/domain/order.aggregate.js';
import { fulfilmentProcess } from '../../../apps/orders/src/order/domain/fulfilment.process.js';
import { nextStep } from '../../../apps/orders/src/order/domain/fulfilment-steps.js';
import type { StepOutcome } from '../../../apps/orders/src/order/domain/fulfilment.commands.js';
import {
  arrive,
  atOrder,
  atStock,
  type Message,
  type Reach,
  settlePayment,
  total,
  type World,
} from './fulfilment-world.js';

const orderId = '01890000-0000-7000-8000-00000000000a';
const lines = [
  { sku: 'tea', quantity: 2 },
  { sku: 'mug', quantity: 1 },
];
const giveUpAt = 1000;
const fulfilment = fulfilmentProcess(giveUpAt);

function worldOf(card: string, units: Readonly<Record<string, number>>, faults: number): World {
  const order = { orderId, customer: 'ada', lines, currency: 'EUR', card, at: 0 };
  const stockOf = (quantity: number) =>
    stockAggregate.evolve(stockAggregate.initialState(), { type: 'StockReceived', quantity });
  const assignment = { orderId, lines, currency: 'EUR', card, giveUpAt };
  return {
    stock: Object.fromEntries(Object.entries(units).map(([sku, quantity]) => [sku, stockOf(quantity)])),
    payment: paymentAggregate.initialState(),
    provider: { card, status: 'none', asked: { authorise: 0, capture: 0, void: 0 } },
    order: orderAggregate.evolve({ status: 'none' }, { type: 'OrderPlaced', ...order }),
    process: fulfilment.evolve({ phase: 'none' }, { type: 'FulfilmentStarted', ...assignment }),
    answered: {},
    travelling: [],
    faults,
    isCancelAsked: false,
  };
}

/** The step to be done now, as it goes out. */
function messageOf({ process }: World): Message | undefined {
  const step = nextStep(process);
  if (step === undefined || process.phase === 'none') return undefined;
  // The runner's id says more: which process, and behind which event. In one process no name comes back behind another one.
  return { commandId: step.name, orderId, step };
}

function report(world: World, { step }: Message, said: string, at = 0): World {
  const done: StepOutcome = { status: 'done', ...(step.kind === 'quote' ? { total } : {}) };
  const outcome: StepOutcome = said === 'done' ? done : { status: 'failed', code: said, at };
  const events = fulfilment.decide(world.process, { type: 'ReportStep', step: step.name, outcome });
  return { ...world, process: events.reduce(fulfilment.evolve, world.process) };
}

/** The step is done, and its runner hears of it. */
function undisturbed(world: World, message: Message): World {
  const [after, said] = arrive(world, message);
  return report(after, message, said);
}

/** All that can come next. A runner that dies knows as little as one whose answer is lost. */
function* nextWorlds(world: World): Generator<World> {
  const message = messageOf(world);
  if (message !== undefined) {
    yield undisturbed(world, message);
    if (world.faults > 0) yield* disturbed({ ...world, faults: world.faults - 1 }, message);
  }
  for (const [at, late] of world.travelling.entries()) {
    const [after] = arrive(world, late);
    yield { ...after, travelling: world.travelling.filter((_, other) => other !== at) };
  }
  if (!world.isCancelAsked) {
    const [after] = atOrder(world, 'customer', { type: 'CancelOrder', customer: 'ada' });
    yield { ...after, isCancelAsked: true };
  }
  if (world.order.status === 'cancelled') {
    const events = fulfilment.decide(world.process, { type: 'NoteCancellation' });
    yield { ...world, process: events.reduce(fulfilment.evolve, world.process) };
  }
  for (const { sku } of lines) {
    yield expired(world, sku);
  }
  for (const reach of ['intent', 'end'] satisfies Reach[]) {
    yield settlePayment(world, reach);
  }
}

function* disturbed(world: World, message: Message): Generator<World> {
  const late = { ...world, travelling: [...world.travelling, message] };
  // Sent twice: one copy is done and heard of, the other comes some time.
  yield undisturbed(late, message);
  // On its way for longer than anybody waits; then patience ends, too.
  yield late;
  yield report(late, message, 'UNAVAILABLE', giveUpAt);
  for (const reach of ['intent', 'provider', 'end'] satisfies Reach[]) {
    const [after] = arrive(world, message, reach);
    yield after;
    yield report(after, message, 'UNAVAILABLE', giveUpAt);
  }
}

function expired(world: World, sku: string): World {
  // Its timer may fire at any time and more than once, so no record of commands stands before the rule.
  const [after] = atStock({ ...world, answered: {} }, sku, 'expiry', { type: 'ExpireReservation', orderId });
  return { ...after, answered: world.answered };
}

/** Every world that can come to be, each once. */
function* reachable(start: World): Generator<World> {
  const seen = new Set([keyOf(start)]);
  const open = [start];
  for (let world = open.pop(); world !== undefined; world = open.pop()) {
    yield world;
    for (const next of nextWorlds(world)) {
      const key = keyOf(next);
      if (seen.has(key)) continue;
      seen.add(key);
      open.push(next);
    }
  }
}

function keyOf(world: World): string {
  const stock = Object.values(world.stock).map((one) => ({ ...one, reservations: one.reservations.join('') }));
  const travelling = world.travelling.map(({ commandId }) => commandId).sort();
  const answered = Object.entries(world.answered).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify({ ...world, stock, travelling, answered });
}

/** What becomes of a world in which nothing goes wrong any more, when all has arrived that was on its way. */
function settled(world: World): World {
  let current = world;
  for (let step = 0, message = messageOf(current); message !== undefined; message = messageOf(current)) {
    if (++step > 40) throw new Error(`${message.step.name} is never done: ${keyOf(world)}`);
    const [after, said] = arrive(current, message);
    // No way is of twenty steps: somebody does not answer, and outlasts any patience.
    current = report(after, message, said, step > 20 ? giveUpAt : 0);
  }
  for (const late of current.travelling) [current] = arrive(current, late);
  return { ...settlePayment(current), travelling: [] };
}

/** What is wrong with a world in which the order has ended. */
function faultsOf({ order, payment, provider, stock }: World): string[] {
  const isConfirmed = order.status === 'confirmed';
  const sold = Object.fromEntries(lines.map(({ sku }) => [sku, stock[sku]?.sold ?? 0]));
  const expected = Object.fromEntries(lines.map(({ sku, quantity }) => [sku, isConfirmed ? quantity : 0]));
  const isUnpaid = ['none', 'declined', 'voided'].includes(payment.status) && provider.status !== 'taken';
  return [
    ...(isConfirmed || order.status === 'cancelled' ? [] : [`the order is ${order.status}`]),
    ...(isConfirmed === (payment.status === 'captured') && (isConfirmed || isUnpaid)
      ? []
      : [`the payment is ${payment.status}`]),
    ...(provider.status === 'held' ? ['the provider still holds money'] : []),
    ...(JSON.stringify(sold) === JSON.stringify(expected) ? [] : [`sold is ${JSON.stringify(sold)}`]),
    ...Object.entries(stock).flatMap(([sku, { available, reserved, received, sold: out }]) =>
      reserved === 0 && available >= 0 && available + out === received ? [] : [`of ${sku} ${reserved} are reserved`],
    ),
  ];
}

describe('an order, whatever fails, comes twice, comes late or is cancelled meanwhile', () => {
  it.each([
    ['tok_ok', { tea: 5, mug: 5 }, 2, ['confirmed', 'customer', 'reservation-expired', 'timed-out']],
    ['tok_ok', { tea: 5, mug: 0 }, 2, ['customer', 'out-of-stock', 'timed-out']],
    ['tok_declined', { tea: 5, mug: 5 }, 1, ['customer', 'payment-declined', 'timed-out']],
    [
      'tok_capture_declined',
      { tea: 5, mug: 5 },
      1,
      ['customer', 'payment-declined', 'reservation-expired', 'timed-out'],
    ],
    ['tok_timeout_once', { tea: 5, mug: 5 }, 1, ['confirmed', 'customer', 'reservation-expired', 'timed-out']],
    ['tok_timeout', { tea: 5, mug: 5 }, 2, ['customer', 'timed-out']],
  ])('ends paid and sold, or neither: %s, %j, %i faults', (card, units, faults, possible) => {
    let worlds = 0;
    const ends = new Set<string>();
    for (const world of reachable(worldOf(card, units, faults))) {
      worlds++;
      const end = settled(world);
      const wrong = faultsOf(end);
      if (wrong.length > 0) throw new Error(`${wrong.join(', ')}: from ${keyOf(world)} to ${keyOf(end)}`);
      ends.add(end.order.status === 'cancelled' ? end.order.reason : end.order.status);
    }
    expect([...ends].sort()).toEqual(possible);
    expect(worlds).toBeGreaterThan(1000);
  });
});

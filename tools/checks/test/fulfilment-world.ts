import type { Aggregate, Command, DomainEvent } from '@rookery/eventsourcing';
import { DomainError } from '@rookery/runtime';
import { stockAggregate } from '../../../apps/inventory/src/stock/domain/stock.aggregate.js';
import type { StockCommand } from '../../../apps/inventory/src/stock/domain/stock.commands.js';
import type { StockState } from '../../../apps/inventory/src/stock/domain/stock.events.js';
import { authorisationOf, captureOf } from '../../../apps/payments/src/payment/domain/outcomes.js';
import { paymentAggregate } from '../../../apps/payments/src/payment/domain/payment.aggregate.js';
import type { PaymentCommand } from '../../../apps/payments/src/payment/domain/payment.commands.js';
import type { PaymentState, PaymentStatus } from '../../../apps/payments/src/payment/domain/payment.events.js';
import { openRequestOf } from '../../../apps/payments/src/payment/domain/provider-request.js';
import { orderAggregate } from '../../../apps/orders/src/order/domain/order.aggregate.js';
import type { OrderCommand } from '../../../apps/orders/src/order/domain/order.commands.js';
import type { OrderState } from '../../../apps/orders/src/order/domain/order.events.js';
import type { FulfilmentState } from '../../../apps/orders/src/order/domain/fulfilment.events.js';
import type { Step } from '../../../apps/orders/src/order/domain/fulfilment-steps.js';
import { answerOfProvider, type Provider } from './simulated-provider.js';

/** All that is durable anywhere, and what is on its way: plain data, so that every course of events can be gone through. */
export interface World {
  readonly stock: Readonly<Record<string, StockState>>;
  readonly payment: PaymentState;
  readonly provider: Provider;
  readonly order: OrderState;
  readonly process: FulfilmentState;
  /** By service and command id: how the domain has answered. */
  readonly answered: Readonly<Record<string, string>>;
  /** Copies of commands that were given up or sent twice, and will arrive at any time. */
  readonly travelling: readonly Message[];
  /** How many more things may go wrong. */
  readonly faults: number;
  readonly isCancelAsked: boolean;
}

/** A step under way, to be done under its command id. */
export interface Message {
  readonly commandId: string;
  readonly orderId: string;
  readonly step: Step;
}

/** How far a service comes with a command before its process is killed. */
export type Reach = 'intent' | 'provider' | 'end';

export const total = { currency: 'EUR', minorUnits: 2150 };

/** What the world is when a command has arrived, and what its sender is told: `done`, or a code. */
export function arrive(world: World, message: Message, reach: Reach = 'end'): readonly [World, string] {
  const { commandId, step } = message;
  const ofStock = stockCommandOf(message);
  if (ofStock !== undefined) return atStock(world, ofStock.sku, commandId, ofStock.command);
  const ofPayment = paymentCommandOf(message);
  if (ofPayment !== undefined) return atPayment(world, commandId, ofPayment, reach);
  if (step.kind === 'seal') return atOrder(world, commandId, { type: 'SealOrder', total: step.total });
  if (step.kind === 'confirm') return atOrder(world, commandId, { type: 'ConfirmOrder' });
  if (step.kind === 'abandon') return atOrder(world, commandId, { type: 'AbandonOrder', reason: step.reason });
  return [world, 'done'];
}

function stockCommandOf({
  orderId,
  step,
}: Message): { readonly sku: string; readonly command: StockCommand } | undefined {
  switch (step.kind) {
    case 'reserve': {
      const { sku, quantity } = step.line;
      return { sku, command: { type: 'Reserve', orderId, quantity, expiresAt: 1 } };
    }
    case 'commit':
      return { sku: step.sku, command: { type: 'Commit', orderId } };
    case 'release':
      return { sku: step.sku, command: { type: 'Release', orderId } };
    case 'return':
      return { sku: step.sku, command: { type: 'ReturnStock', orderId } };
    default:
      return undefined;
  }
}

function paymentCommandOf({ orderId, step }: Message): Asked | undefined {
  switch (step.kind) {
    case 'authorise':
      return { type: 'Authorise', orderId, amount: step.amount, card: step.card };
    case 'capture':
      return { type: 'Capture' };
    case 'void':
      return { type: 'Void', orderId };
    default:
      return undefined;
  }
}

export function atStock(world: World, sku: string, commandId: string, command: StockCommand): readonly [World, string] {
  const state = world.stock[sku] ?? stockAggregate.initialState();
  const [after, answered, said] = ask(stockAggregate, state, command, `${sku}/${commandId}`, world.answered);
  return [{ ...world, stock: { ...world.stock, [sku]: after }, answered }, said];
}

export function atOrder(world: World, commandId: string, command: OrderCommand): readonly [World, string] {
  const [order, answered, said] = ask(orderAggregate, world.order, command, `order/${commandId}`, world.answered);
  return [{ ...world, order, answered }, said];
}

/** Records what is wanted, asks the provider, records what it did. Who comes later goes on where the last one stopped. */
function atPayment(before: World, commandId: string, command: Asked, reach: Reach): readonly [World, string] {
  const [payment, answered, said] = ask(
    paymentAggregate,
    before.payment,
    command,
    `payment/${commandId}`,
    before.answered,
  );
  const intended = { ...before, payment, answered };
  const request = openRequestOf(payment);
  if (said !== 'done' || request === undefined || reach === 'intent')
    return [intended, verdictOf(intended.payment, command, said)];
  const [provider, answer] = answerOfProvider(before.provider, request);
  const asked = { ...intended, provider };
  if (answer === undefined || reach === 'provider') return [asked, 'PROVIDER_TIMED_OUT'];
  const decided = paymentAggregate.decide(payment, answer);
  const recorded = { ...asked, payment: decided.reduce(paymentAggregate.evolve, payment) };
  return [recorded, verdictOf(recorded.payment, command, said)];
}

/** What the timers of payments do at any time and more than once: ask again for what is open, but give up an authorisation. */
export function settlePayment(world: World, reach: Reach = 'end'): World {
  if (openRequestOf(world.payment) === undefined) return world;
  const [after] = atPayment({ ...world, answered: {} }, 'timer', { type: 'GiveUp' }, reach);
  return { ...after, answered: world.answered };
}

type Asked = Extract<PaymentCommand, { readonly type: 'Authorise' | 'Capture' | 'Void' | 'GiveUp' }>;

/** What the answer says to fulfilment: what is declined comes as an answer, not as an error. */
const VERDICTS: Readonly<Record<Asked['type'], Partial<Record<PaymentStatus, string>>>> = {
  Authorise: { declined: 'PAYMENT_DECLINED', authorised: 'done', capturing: 'done', captured: 'done' },
  Capture: { 'capture-declined': 'CAPTURE_DECLINED', captured: 'done' },
  Void: { voided: 'done', declined: 'done' },
  GiveUp: {},
};

function verdictOf(payment: PaymentState, { type }: Asked, said: string): string {
  if (said !== 'done') return said;
  try {
    const { status } = OUTCOMES[type](payment);
    return VERDICTS[type][status] ?? 'PROVIDER_TIMED_OUT';
  } catch (error) {
    return codeOf(error);
  }
}

/** The payment as it is shown to whoever asked. */
const OUTCOMES: Readonly<Record<Asked['type'], (payment: PaymentState) => PaymentState>> = {
  Authorise: authorisationOf,
  Capture: captureOf,
  Void: (payment) => payment,
  GiveUp: (payment) => payment,
};

type Answered = World['answered'];

/** One command at its aggregate, answered as before when it was answered before. */
function ask<S, C extends Command, E extends DomainEvent>(
  aggregate: Aggregate<S, C, E>,
  state: S,
  command: C,
  key: string,
  answered: Answered,
): readonly [S, Answered, string] {
  const known = answered[key];
  if (known !== undefined) return [state, answered, known];
  try {
    const after = aggregate.decide(state, command).reduce(aggregate.evolve, state);
    return [after, { ...answered, [key]: 'done' }, 'done'];
  } catch (error) {
    const code = codeOf(error);
    return [state, { ...answered, [key]: code }, code];
  }
}

function codeOf(error: unknown): string {
  if (error instanceof DomainError) return error.code;
  throw error;
}

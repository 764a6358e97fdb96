import { beforeEach, describe, expect, it } from '@jest/globals';
import { type RecordedEvent, streamOf } from '@rookery/eventsourcing';
import type { PaymentsConfig } from '../../app.config.js';
import type { PaymentEvent } from '../domain/payment.events.js';
import { OpenRequest } from './open-request.reaction.js';
import { PaymentPort } from './payment.port.js';

const orderId = '01890000-0000-7000-8000-00000000000a';
const amount = { currency: 'EUR', minorUnits: 1200 };
const requested: PaymentEvent = { type: 'AuthorisationRequested', orderId, amount, card: 'tok_timeout' };
/** By the clock of the store, which need not be that of the process. */
const RECORDED_AT = 4_000_000_000_000;
const times = { ASK_AGAIN_MS: 5000, AUTHORISATION_PATIENCE_MS: 600_000 } as PaymentsConfig;

class AskedPayments extends PaymentPort {
  readonly asked: string[] = [];
  settle = async (): Promise<void> => void this.asked.push('settle');
  giveUp = async (): Promise<void> => void this.asked.push('give up');
}

let payments: AskedPayments;
let reaction: OpenRequest;

beforeEach(() => {
  payments = new AskedPayments();
  reaction = new OpenRequest(payments, times);
});

const recorded = (event: PaymentEvent): RecordedEvent => ({
  ...{ stream: streamOf('payment', orderId), version: 1, position: 1, event },
  ...{ metadata: {}, recordedAt: RECORDED_AT },
});

/** What is done when the timer that an event has set is found due so long after it. */
async function afterwards(event: PaymentEvent, ms: number): Promise<readonly string[]> {
  const change = reaction.on(recorded(event));
  const payload = 'payload' in change ? change.payload : undefined;
  const signal = AbortSignal.timeout(60_000);
  await reaction.fire({ key: change.key, payload, foundAt: RECORDED_AT + ms }, { commandId: 'c', signal });
  return payments.asked;
}

describe('a request that is open', () => {
  it('is made again after a while, and of an authorisation for as long as the patience lasts', async () => {
    expect(reaction.on(recorded(requested))).toMatchObject({ key: orderId, dueAt: RECORDED_AT + 5000 });
    expect(await afterwards(requested, 599_999)).toEqual(['settle']);
  });

  it('is given up then', async () => {
    expect(await afterwards(requested, 600_000)).toEqual(['give up']);
  });

  it.each(['CaptureRequested', 'VoidRequested'] as const)('is made again for ever: %s', async (type) => {
    expect(await afterwards({ type }, 1e9)).toEqual(['settle']);
  });
});

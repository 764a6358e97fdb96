import { beforeEach, describe, expect, it } from '@jest/globals';
import { Aggregates } from '@rookery/cqrs';
import { VirtualTime } from '@rookery/runtime/testing';
import type { Approval } from '../domain/payment.commands.js';
import type { PaymentState } from '../domain/payment.events.js';
import { PaymentProviderPort } from './payment-provider.port.js';
import { Settlement } from './settlement.js';

const orderId = '01890000-0000-7000-8000-00000000000a';
const open: PaymentState = {
  ...{ status: 'authorising', orderId, card: 'tok_ok' },
  ...{ amount: { currency: 'EUR', minorUnits: 1200 } },
};
const authorised: PaymentState = { ...open, status: 'authorised', reference: 'r' };

/** What is recorded for a call is answered, or is not, as its test says. */
class RecordedPayments extends Aggregates {
  readonly answers: (() => Promise<PaymentState>)[] = [];

  override read(): Promise<never> {
    return Promise.resolve(open as never);
  }

  override execute(): Promise<never> {
    return (this.answers.shift()?.() ?? Promise.reject(new Error('too many'))) as Promise<never>;
  }
}

class Provider extends PaymentProviderPort {
  asked = 0;

  override async authorise(): Promise<Approval> {
    this.asked++;
    return { isApproved: true, reference: 'r' };
  }

  override capture = (): Promise<never> => Promise.reject(new Error('not asked here'));
  override void = this.capture;
}

const time = new VirtualTime();
let payments: RecordedPayments;
let provider: Provider;
let settlement: Settlement;

beforeEach(() => {
  payments = new RecordedPayments(time.clock, time);
  provider = new Provider();
  settlement = new Settlement(payments, provider);
});

describe('those who want the same of a payment at once', () => {
  it('wait together for the provider, and each as long as its own call may for what that answers to be recorded', async () => {
    payments.answers.push(
      () => Promise.reject(new Error('the first call has no more time')),
      () => Promise.resolve(authorised),
    );
    const both = await Promise.allSettled([settlement.of(orderId), settlement.of(orderId)]);
    expect(both).toMatchObject([{ status: 'rejected' }, { value: authorised }]);
    expect(provider.asked).toBe(1);
  });

  it('leave nothing behind: who comes later asks again, as after a provider that was silent', async () => {
    payments.answers.push(
      () => Promise.reject(new Error('the call has no more time')),
      () => Promise.resolve(authorised),
    );
    await expect(settlement.of(orderId)).rejects.toThrow('no more time');
    expect(await settlement.of(orderId)).toBe(authorised);
    expect(provider.asked).toBe(2);
  });
});

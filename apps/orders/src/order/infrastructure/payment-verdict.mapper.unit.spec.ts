import { describe, expect, it } from '@jest/globals';
import { payments } from '@rookery/contracts/messages';
import { DomainError } from '@rookery/runtime';
import { requireVerdict } from './payment-verdict.mapper.js';

const { PaymentStatus } = payments;
const statuses = Object.values(PaymentStatus).filter((status): status is payments.PaymentStatus => {
  return typeof status === 'number';
});

/** `done`, or the code of the refusal. */
function verdictOn(asked: 'authorise' | 'capture' | 'void', status: payments.PaymentStatus): string {
  try {
    requireVerdict(asked, { payment: { orderId: '1', status, amount: undefined, declineReason: 'no_reason' } });
    return 'done';
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}

describe('what a payment has become means for a step', () => {
  it.each([
    ['authorise', { 2: 'done', 3: 'PAYMENT_DECLINED', 4: 'done', 5: 'done' }],
    ['capture', { 5: 'done', 6: 'CAPTURE_DECLINED' }],
    ['void', { 3: 'done', 8: 'done' }],
  ] as const)('%s: that it is done, declined for good, or open', (asked, known) => {
    const settled: Readonly<Record<number, string>> = known;
    for (const status of statuses) expect(verdictOn(asked, status)).toBe(settled[status] ?? 'PAYMENT_OPEN');
  });

  it('is open when there is no word of the payment', () => {
    expect(() => requireVerdict('void', { payment: undefined })).toThrow(/PAYMENT_STATUS_UNSPECIFIED/);
  });
});

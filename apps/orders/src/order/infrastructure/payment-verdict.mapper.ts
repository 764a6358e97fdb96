import { payments } from '@rookery/contracts/messages';
import { DomainError } from '@rookery/runtime';

const { PaymentStatus } = payments;

/** By what was asked for: the statuses that say that it is done, and the one that says that it never will be. */
const VERDICTS = {
  authorise: {
    done: [
      PaymentStatus.PAYMENT_STATUS_AUTHORISED,
      PaymentStatus.PAYMENT_STATUS_CAPTURING,
      PaymentStatus.PAYMENT_STATUS_CAPTURED,
    ],
    declined: { status: PaymentStatus.PAYMENT_STATUS_DECLINED, code: 'PAYMENT_DECLINED' },
  },
  capture: {
    done: [PaymentStatus.PAYMENT_STATUS_CAPTURED],
    declined: { status: PaymentStatus.PAYMENT_STATUS_CAPTURE_DECLINED, code: 'CAPTURE_DECLINED' },
  },
  void: { done: [PaymentStatus.PAYMENT_STATUS_VOIDED, PaymentStatus.PAYMENT_STATUS_DECLINED], declined: undefined },
} as const satisfies Readonly<Record<string, Verdict>>;

interface Verdict {
  readonly done: readonly payments.PaymentStatus[];
  readonly declined: { readonly status: payments.PaymentStatus; readonly code: string } | undefined;
}

/** What the status of a payment means for the step that asked: returns when it is done, and throws otherwise. */
export function requireVerdict(
  asked: keyof typeof VERDICTS,
  { payment }: { readonly payment: payments.Payment | undefined },
): void {
  const { declined, done }: Verdict = VERDICTS[asked];
  const status = payment?.status ?? PaymentStatus.PAYMENT_STATUS_UNSPECIFIED;
  if (done.includes(status)) return;
  const metadata = { reason: payment?.declineReason ?? '' };
  if (status === declined?.status) throw new DomainError(declined.code, `${asked}: declined for good`, { metadata });
  const message = `${asked}: the payment is ${PaymentStatus[status]}, and may become something else`;
  throw new DomainError('PAYMENT_OPEN', message, { kind: 'unavailable' });
}

import type { PaymentCommand } from '../../../apps/payments/src/payment/domain/payment.commands.js';
import type { ProviderRequest } from '../../../apps/payments/src/payment/domain/provider-request.js';
import { behaviourOf, type ProviderReaction } from '../../../apps/payments/src/payment/domain/test-cards.js';

/** What the payment service provider has done, and how often it was asked. */
export interface Provider {
  readonly card: string;
  readonly status: 'none' | 'held' | 'declined' | 'taken' | 'given-up';
  readonly asked: Readonly<Record<'authorise' | 'capture' | 'void', number>>;
}

/** The answer as payments records it; undefined when there is none. What is asked again is not done again. */
export function answerOfProvider(before: Provider, { kind }: ProviderRequest): readonly [Provider, PaymentCommand?] {
  const times = before.asked[kind];
  // A fourth time is like the third, which keeps the number of worlds small.
  const provider = { ...before, asked: { ...before.asked, [kind]: Math.min(times + 1, 3) } };
  const { authorisation, capture } = behaviourOf(before.card);
  switch (kind) {
    case 'authorise':
      return authorised(provider, authorisation, times);
    case 'capture':
      return captured(provider, capture, times);
    case 'void':
      if (before.status === 'taken') throw new Error('the provider was asked to give up money that it has taken');
      return [{ ...provider, status: 'given-up' }, { type: 'RecordVoid' }];
  }
}

type Answered = readonly [Provider, PaymentCommand?];

function authorised(before: Provider, { declineReason, silentTimes = 0 }: ProviderReaction, times: number): Answered {
  const status = declineReason === undefined ? 'held' : 'declined';
  const provider = before.status === 'none' ? ({ ...before, status } as const) : before;
  if (times < silentTimes) return [provider];
  const isApproved = provider.status === 'held' || provider.status === 'taken';
  const answer = isApproved
    ? ({ isApproved, reference: 'ref-1' } as const)
    : ({ isApproved, reason: declineReason ?? 'given_up' } as const);
  return [provider, { type: 'RecordAuthorisation', answer }];
}

function captured(before: Provider, { declineReason, silentTimes = 0 }: ProviderReaction, times: number): Answered {
  if (before.status !== 'held' && before.status !== 'taken') throw new Error('the provider holds nothing to take');
  const provider = declineReason === undefined ? ({ ...before, status: 'taken' } as const) : before;
  if (times < silentTimes) return [provider];
  const answer =
    declineReason === undefined
      ? ({ isApproved: true, reference: 'ref-1' } as const)
      : ({ isApproved: false, reason: declineReason } as const);
  return [provider, { type: 'RecordCapture', answer }];
}

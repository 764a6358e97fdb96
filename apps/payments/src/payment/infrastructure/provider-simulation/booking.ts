import type { Money } from '../../domain/payment.events.js';
import type { ProviderRequest } from '../../domain/provider-request.js';
import { behaviourOf, type ProviderReaction } from '../../domain/test-cards.js';

/** What the provider knows of one authorisation, by the key that it was, or is to be, asked for with. */
export interface Booking {
  readonly key: string;
  readonly status: 'held' | 'declined' | 'taken' | 'given-up';
  /** Undefined when nothing was ever set aside. */
  readonly reference: string | undefined;
  /** Undefined when it was given up before it was asked for. */
  readonly card: string | undefined;
  readonly amount: Money | undefined;
  /** How often each was asked for. */
  readonly asked: Readonly<Record<ProviderRequest['kind'], number>>;
}

export type ProviderAnswer =
  | { readonly outcome: 'done'; readonly reference: string }
  | { readonly outcome: 'declined'; readonly reason: string }
  | { readonly outcome: 'given-up' };

/** What a request comes to: what is in the book then, and what the provider says: nothing, one thing, or the same twice. */
export interface Handling {
  readonly booking: Booking;
  readonly answers: readonly ProviderAnswer[];
  readonly isSlow: boolean;
}

export function keyOf(request: ProviderRequest): string {
  return request.kind === 'authorise' ? request.key : request.authorisationKey;
}

/** Does what is asked for, once: what is asked again is only answered again. `reference` is the name for something new. */
export function handle(known: Booking | undefined, request: ProviderRequest, reference: string): Handling {
  const before = known ?? unheardOf(request, reference);
  const times = before.asked[request.kind];
  const booking = { ...before, asked: { ...before.asked, [request.kind]: times + 1 } };
  switch (request.kind) {
    case 'authorise': {
      const reaction = behaviourOf(request.card).authorisation;
      return said(booking, authorised(booking, reaction), reaction, times);
    }
    case 'capture': {
      const reaction = behaviourOf(booking.card ?? '').capture;
      return captured(booking, reaction, times);
    }
    case 'void':
      if (booking.status === 'taken')
        throw new Error(`the provider cannot give up ${booking.key}: it has taken the money`);
      return said({ ...booking, status: 'given-up' }, { outcome: 'given-up' }, {}, times);
  }
}

/** The first request decides: to set aside or to decline; or to refuse whatever comes later. */
function unheardOf(request: ProviderRequest, reference: string): Booking {
  const key = keyOf(request);
  const asked = { authorise: 0, capture: 0, void: 0 };
  if (request.kind !== 'authorise') {
    return { key, status: 'given-up', reference: undefined, card: undefined, amount: undefined, asked };
  }
  const { amount, card } = request;
  const isDeclined = behaviourOf(card).authorisation.declineReason !== undefined;
  if (isDeclined) return { key, status: 'declined', reference: undefined, card, amount, asked };
  return { key, status: 'held', reference, card, amount, asked };
}

function authorised({ reference }: Booking, { declineReason = 'given_up' }: ProviderReaction): ProviderAnswer {
  return reference === undefined ? { outcome: 'declined', reason: declineReason } : { outcome: 'done', reference };
}

function captured(booking: Booking, reaction: ProviderReaction, times: number): Handling {
  const { reference, status } = booking;
  if (reference === undefined || (status !== 'held' && status !== 'taken')) {
    return said(booking, { outcome: 'declined', reason: 'nothing_authorised' }, {}, times);
  }
  const { declineReason } = reaction;
  if (declineReason !== undefined)
    return said(booking, { outcome: 'declined', reason: declineReason }, reaction, times);
  return said({ ...booking, status: 'taken' }, { outcome: 'done', reference }, reaction, times);
}

function said(booking: Booking, answer: ProviderAnswer, reaction: ProviderReaction, times: number): Handling {
  const { isDoubled = false, isSlow = false, silentTimes = 0 } = reaction;
  if (times < silentTimes) return { booking, answers: [], isSlow };
  return { booking, answers: isDoubled ? [answer, answer] : [answer], isSlow };
}

/** What the simulated provider does to a card. */
export interface CardBehaviour {
  readonly authorisation: ProviderReaction;
  readonly capture: ProviderReaction;
}

export interface ProviderReaction {
  /** Undefined: it approves. */
  readonly declineReason?: string;
  /** The first so many requests are done and not answered. */
  readonly silentTimes?: number;
  /** Answers late, but in time. */
  readonly isSlow?: boolean;
  /** Answers twice. */
  readonly isDoubled?: boolean;
}

const approves: ProviderReaction = {};
const declines = (declineReason: string): ProviderReaction => ({ declineReason });

/** The cards that the contract lists. */
const cards: ReadonlyMap<string, CardBehaviour> = new Map([
  ['tok_ok', { authorisation: approves, capture: approves }],
  ['tok_slow', { authorisation: { isSlow: true }, capture: { isSlow: true } }],
  ['tok_duplicate', { authorisation: { isDoubled: true }, capture: { isDoubled: true } }],
  ['tok_declined', { authorisation: declines('declined'), capture: approves }],
  ['tok_insufficient_funds', { authorisation: declines('insufficient_funds'), capture: approves }],
  ['tok_capture_declined', { authorisation: approves, capture: declines('capture_declined') }],
  ['tok_timeout_once', { authorisation: { silentTimes: 1 }, capture: { silentTimes: 1 } }],
  ['tok_capture_timeout_once', { authorisation: approves, capture: { silentTimes: 1 } }],
  ['tok_timeout', { authorisation: { silentTimes: Infinity }, capture: approves }],
]);

const unknown: CardBehaviour = { authorisation: declines('unknown_card'), capture: approves };

export function behaviourOf(card: string): CardBehaviour {
  return cards.get(card) ?? unknown;
}

import type { CancelReason, FailureReason, Money, OrderLine } from './order.events.js';
import type { FulfilmentState, StepName } from './fulfilment.events.js';

/** One thing to be done, at one neighbour or at the order itself, with all that it takes. */
export type Step = {
  readonly name: StepName;
  /**
   * In ms since the epoch: from then on the way there ends at a neighbour that does not answer, because what may have been done
   * is undone by the same command as what was. Absent where that does not hold.
   */
  readonly giveUpAt?: number;
} & (
  | { readonly kind: 'quote'; readonly lines: readonly OrderLine[]; readonly currency: string }
  | { readonly kind: 'reserve'; readonly line: OrderLine }
  | { readonly kind: 'authorise'; readonly amount: Money; readonly card: string }
  | { readonly kind: 'seal'; readonly total: Money }
  | { readonly kind: 'commit' | 'release' | 'return'; readonly sku: string }
  | { readonly kind: 'capture' | 'void' | 'confirm' }
  | { readonly kind: 'abandon'; readonly reason: FailureReason }
);

type Assigned = Exclude<FulfilmentState, { readonly phase: 'none' }>;

/**
 * The way there. The pivot is the last commit: until it is done, everything can be undone and a refusal turns the process;
 * afterwards it only goes on, but for a capture that is declined for good.
 *
 * A commit is no pivot as long as another one is to follow, because that one's reservation may have expired meanwhile. It is
 * undone by a return, which a declined capture needs anyway. (Reservations that do not expire would need a step more for
 * each line, and would hold stock for ever if this service never came back.)
 */
export function wayThere(state: Assigned): readonly Step[] {
  const { lines, currency, card, giveUpAt } = state;
  const total = ('total' in state ? state.total : undefined) ?? { currency, minorUnits: 0 };
  return [
    { name: 'quote', kind: 'quote', lines, currency, giveUpAt },
    ...lines.map((line): Step => ({ name: `reserve:${line.sku}`, kind: 'reserve', line, giveUpAt })),
    { name: 'authorise', kind: 'authorise', amount: total, card, giveUpAt },
    { name: 'seal', kind: 'seal', total },
    ...lines.map(({ sku }): Step => ({ name: `commit:${sku}`, kind: 'commit', sku })),
    { name: 'capture', kind: 'capture' },
    { name: 'confirm', kind: 'confirm' },
  ];
}

/**
 * The way back: undoes the first `reached` steps of the way there. Stock first, because others wait for it; the order last,
 * so that whoever sees it cancelled finds all else undone.
 */
export function wayBack(state: Assigned, reached: number, reason: CancelReason): readonly Step[] {
  const names = new Set(
    wayThere(state)
      .slice(0, reached)
      .map(({ name }) => name),
  );
  const stock = state.lines.flatMap(({ sku }): Step[] => {
    if (names.has(`commit:${sku}`)) return [{ name: `return:${sku}`, kind: 'return', sku }];
    return names.has(`reserve:${sku}`) ? [{ name: `release:${sku}`, kind: 'release', sku }] : [];
  });
  return [
    ...stock,
    ...(names.has('authorise') ? [{ name: 'void', kind: 'void' } as const] : []),
    ...(reason === 'customer' ? [] : [{ name: 'abandon', kind: 'abandon', reason } as const]),
  ];
}

/** The step that is to be done now; undefined when the order has ended, or is none yet. */
export function nextStep(state: FulfilmentState): Step | undefined {
  switch (state.phase) {
    case 'none':
      return undefined;
    case 'forward':
      return wayThere(state)[state.done];
    case 'backward':
      return wayBack(state, state.reached, state.reason)[state.done];
  }
}

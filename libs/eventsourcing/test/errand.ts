import type { ProcessManager } from '../src/index.js';
import { account, type AccountEvent } from './account.js';

export interface ErrandStep {
  readonly name: 'fetch' | 'bring';
}

export type ErrandInput =
  | { readonly type: 'Begin' }
  | { readonly type: 'Stepped'; readonly step: ErrandStep['name'] }
  /** Says nothing that the process would note. */
  | { readonly type: 'Nothing' };

export type ErrandEvent = { readonly type: 'Begun' } | { readonly type: 'Done'; readonly step: ErrandStep['name'] };

export interface ErrandState {
  readonly hasBegun: boolean;
  readonly done: readonly ErrandStep['name'][];
}

/** A process of two steps for each deposit that has a note, which is its id. */
export const errand: ProcessManager<ErrandState, ErrandInput, ErrandEvent, ErrandStep> = {
  name: 'errand',
  initialState: () => ({ hasBegun: false, done: [] }),
  decide(state, input) {
    if (input.type === 'Begin') return state.hasBegun ? [] : [{ type: 'Begun' }];
    return input.type === 'Stepped' ? [{ type: 'Done', step: input.step }] : [];
  },
  evolve: (state, event) =>
    event.type === 'Begun' ? { ...state, hasBegun: true } : { ...state, done: [...state.done, event.step] },
  next({ done, hasBegun }) {
    if (!hasBegun || done.includes('bring')) return undefined;
    return { name: done.includes('fetch') ? 'bring' : 'fetch' };
  },
  sources: [account],
  route({ event }) {
    const { note, type } = event as AccountEvent & { readonly note?: string };
    return type === 'Deposited' && note !== undefined ? { id: note, input: { type: 'Begin' } } : undefined;
  },
};

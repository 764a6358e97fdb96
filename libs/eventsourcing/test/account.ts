import { DomainError } from '@rookery/runtime';
import type { Aggregate } from '../src/index.js';

export interface AccountState {
  readonly balance: number;
}

export type AccountCommand =
  | { readonly type: 'Deposit'; readonly amount: number; readonly note?: string }
  | { readonly type: 'Withdraw'; readonly amount: number }
  /** Out and in again: two events. */
  | { readonly type: 'Exchange'; readonly amount: number }
  /** A mistake in the rules. */
  | { readonly type: 'Break' };

export type AccountEvent =
  | { readonly type: 'Deposited'; readonly amount: number; readonly note?: string }
  | { readonly type: 'Withdrawn'; readonly amount: number };

/** The smallest aggregate that can refuse, be hot and be wrong. */
export const account: Aggregate<AccountState, AccountCommand, AccountEvent, { readonly balance: number }> = {
  name: 'account',
  initialState: () => ({ balance: 0 }),
  decide({ balance }, command) {
    switch (command.type) {
      case 'Deposit':
        return command.amount === 0 ? [] : [{ ...command, type: 'Deposited' }];
      case 'Withdraw':
        return [withdrawn(balance, command.amount)];
      case 'Exchange':
        return [withdrawn(balance, command.amount), { type: 'Deposited', amount: command.amount }];
      case 'Break':
        throw new TypeError('broken');
    }
  },
  evolve: ({ balance }, { amount, type }) => ({ balance: type === 'Deposited' ? balance + amount : balance - amount }),
  answer: ({ balance }) => ({ balance }),
  snapshots: { schema: 1, every: 10 },
};

function withdrawn(balance: number, amount: number): AccountEvent {
  if (balance >= amount) return { type: 'Withdrawn', amount };
  throw new DomainError('TOO_POOR', `there are ${balance}`, { metadata: { balance: String(balance) } });
}

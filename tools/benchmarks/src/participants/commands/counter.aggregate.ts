import type { Aggregate } from '@rookery/eventsourcing';

interface Add {
  readonly type: 'Add';
  readonly amount: number;
}

interface Added {
  readonly type: 'Added';
  readonly amount: number;
}

/** Next to no rules, so that what is measured is the way of a command. */
export const counterAggregate: Aggregate<number, Add, Added, number> = {
  name: 'counter',
  initialState: () => 0,
  decide: (_total, { amount }) => [{ type: 'Added', amount }],
  evolve: (total, { amount }) => total + amount,
  answer: (total) => total,
};

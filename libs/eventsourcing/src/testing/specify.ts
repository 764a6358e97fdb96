import { DomainError } from '@rookery/runtime';
import type { Aggregate, Command } from '../aggregate.js';
import type { DomainEvent } from '../event.js';

/** What a specification ends in. */
export interface Expectation<E extends DomainEvent, A> {
  /** Exactly these events. */
  then(...events: readonly E[]): { andAnswers(answer: A): void };
  thenNothing(): { andAnswers(answer: A): void };
  thenRejects(code: string): void;
}

export interface Given<C extends Command, E extends DomainEvent, A> {
  when(command: C): Expectation<E, A>;
}

/** What an aggregate and a process manager have in common; the latter has no answers. */
type Rules<S, C extends Command, E extends DomainEvent, A> = Pick<
  Aggregate<S, C, E, A>,
  'initialState' | 'decide' | 'evolve'
> &
  Partial<Pick<Aggregate<S, C, E, A>, 'answer'>>;

/** The rules of an aggregate, or of a process, as sentences: given these events, when this is asked, then that has happened. */
export function specify<S, C extends Command, E extends DomainEvent, A>(
  rules: Rules<S, C, E, A>,
): { given(...events: readonly E[]): Given<C, E, A> } {
  return {
    given: (...events) => ({
      when(command) {
        const before = frozen(
          events.reduce((state, event) => rules.evolve(state, frozen(event)), rules.initialState()),
        );
        return expectation(rules, before, frozen(command));
      },
    }),
  };
}

function expectation<S, C extends Command, E extends DomainEvent, A>(
  rules: Rules<S, C, E, A>,
  before: S,
  command: C,
): Expectation<E, A> {
  const then = (...expected: readonly E[]) => {
    const decided = rules.decide(before, command);
    requireEqual(decided, expected, 'events');
    const after = decided.reduce((state, event) => rules.evolve(state, event), before);
    return { andAnswers: (answer: A) => requireEqual(rules.answer?.(after, command), answer, 'answer') };
  };
  return {
    then,
    thenNothing: () => then(),
    thenRejects(code) {
      const refusal = refusalOf(() => rules.decide(before, command));
      if (refusal !== code) throw new Error(`expected a refusal ${code}, got ${refusal ?? 'none'}`);
    },
  };
}

function refusalOf(decide: () => unknown): string | undefined {
  try {
    decide();
    return undefined;
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}

/** As JSON would keep both: what differs only in what JSON loses is the same fact. */
function requireEqual(actual: unknown, expected: unknown, what: string): void {
  const [left, right] = [canonical(actual), canonical(expected)];
  if (left !== right) throw new Error(`expected ${what} ${right}, got ${left}`);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** A rule that changes what it is given fails here instead of somewhere later. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) frozen(part);
  }
  return value;
}

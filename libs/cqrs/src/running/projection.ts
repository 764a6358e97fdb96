import type { EventSource, RecordedEvent } from '@rookery/eventsourcing';
import type { Transaction } from '@rookery/postgres';

/**
 * A provider that extends this is run, by one instance of the service: it folds events into a read model of its own tables, each
 * event once, in the transaction that moves its checkpoint.
 *
 * A change of what is in the tables is another `generation`: it has tables of its own, which are filled from the first event
 * on, while instances of the version before go on with theirs. An instance is ready when its generation has caught up, so that
 * a rolling update leaves nobody without answers.
 */
export abstract class Projection {
  /** A lower-case word, for ever. */
  abstract readonly name: string;
  /** From 1; one more for each change of the tables, or of what events mean for them. */
  abstract readonly generation: number;
  abstract readonly sources: readonly EventSource[];

  /** SQL that makes them, in the schema that is first in the search path. Of one generation it is never changed. */
  abstract readonly tables: string;

  /** With the same search path. */
  abstract apply(events: readonly RecordedEvent[], transaction: Transaction): Promise<void>;
}

/** The schema of a projection's tables. */
export function schemaOf({ generation, name }: Pick<Projection, 'generation' | 'name'>): string {
  return `read_${name}_${generation}`;
}

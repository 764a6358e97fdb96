import type { Member } from '../presence/fleet.js';
import type { Tally } from '../traffic/tally.js';
import type { Calls } from './calls.js';
import type { Connection } from './connection.js';
import type { Held } from './stretch.js';

/** One method of one target. */
export class MethodEvidence {
  constructor(
    readonly method: string,
    /** All callers together, and each of them by its key. */
    readonly seen: Calls,
    private readonly callers: ReadonlyMap<string, Calls>,
    /** What the instance itself counted. */
    readonly felt: Calls,
    /** Calls that hang in the instance. */
    readonly held: Held | undefined,
  ) {}

  /** The newest calls that suffice, as callers saw them. */
  get byCallers(): Tally {
    return this.seen.over(this.seen.depth);
  }

  /** Of these, what one caller saw. */
  byCaller(key: string): Tally | undefined {
    return this.callers.get(key)?.over(this.seen.depth);
  }

  get ofEachCaller(): readonly Tally[] {
    return [...this.callers.values()].map((calls) => calls.over(this.seen.depth));
  }

  /** The same calls as the instance counted them: the two sides report up to a second apart. */
  get own(): Tally {
    return this.felt.over(this.seen.depth + 1);
  }

  /** The seconds of these in which the instance itself ended calls that took longer than `limitMs`. */
  ownSecondsAbove(limitMs: number): readonly number[] {
    return this.felt.secondsIn(this.seen.depth + 1, (tally) => tally.slowerThan(limitMs) > 0);
  }
}

/** What one caller knows of one target. */
export interface CallerEvidence {
  readonly caller: Member;
  readonly calls: Tally;
  readonly latest: Tally;
  readonly connection: Connection | undefined;
  /** Start of the first second with an unanswered call; monotonic. */
  readonly unansweredSince: number | undefined;
  /** Start of the newest second with an answered call; monotonic. */
  readonly answeredAt: number | undefined;
}

/** Everything that speaks for or against one instance. */
export class Evidence {
  private assessed: readonly CallerEvidence[] | undefined;

  constructor(
    readonly target: Member,
    /** The instance has shown within the last moment that it lives; always true of one that never reports. */
    readonly isFresh: boolean,
    /** All methods, as all callers saw them, as the instance counted them, and what it met when it called others. */
    readonly seen: Calls,
    private readonly felt: Calls,
    private readonly made: Calls,
    readonly methods: readonly MethodEvidence[],
    private readonly assessCallers: (depth: number) => readonly CallerEvidence[],
  ) {}

  get callers(): readonly CallerEvidence[] {
    return (this.assessed ??= this.assessCallers(this.depth));
  }

  /** The newest calls that suffice, as callers saw them, and the same stretch as the instance saw it. */
  get byCallers(): Tally {
    return this.seen.over(this.depth);
  }

  /** The two sides report up to a second apart. */
  get own(): Tally {
    return this.felt.over(this.depth + 1);
  }

  /** The very newest calls, to see a recovery by. */
  get latestByCallers(): Tally {
    return this.seen.over(this.leader.latestDepth);
  }

  get latestOwn(): Tally {
    return this.felt.over(this.leader.latestDepth);
  }

  /** What the instance met when it called others: in the same stretch, and for what it answered late, in all that counts. */
  get outgoing(): readonly Tally[] {
    return [this.made.over(this.depth + 1), this.made.reach];
  }

  private get depth(): number {
    return this.leader.depth;
  }

  /** Callers set the pace, where there are any that report. */
  private get leader(): Calls {
    return this.seen.isSeen ? this.seen : this.felt;
  }
}

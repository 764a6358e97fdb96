import type { Member } from '../presence/fleet.js';
import type { Tally } from '../traffic/tally.js';
import type { Connection } from './connection.js';
import type { Held } from './stretch.js';

/** One method of one target, over the newest calls that suffice. */
export interface MethodEvidence {
  readonly method: string;
  readonly byCallers: Tally;
  readonly byCaller: ReadonlyMap<string, Tally>;
  /** All calls of the last minute, as callers saw them: what is usual, for siblings to be compared with. */
  readonly usual: Tally;
  readonly own: Tally;
  /** What the instance itself counted in the last ten seconds. */
  readonly ownReach: Tally;
  /** The same as `own`, by the second of arrival. */
  readonly ownBySecond: ReadonlyMap<number, Tally>;
  /** Calls that hang in the instance. */
  readonly held: Held | undefined;
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
export interface Evidence {
  readonly target: Member;
  /** The instance has shown within the last moment that it lives; always true of one that never reports. */
  readonly isFresh: boolean;
  readonly callers: readonly CallerEvidence[];
  /** The newest calls that suffice, as callers saw them, and the same stretch as the instance saw it. */
  readonly byCallers: Tally;
  readonly own: Tally;
  /** All calls of the last minute, as callers saw them: what is usual, for siblings to be compared with. */
  readonly usual: Tally;
  /** The very newest calls, to see a recovery by. */
  readonly latestByCallers: Tally;
  readonly latestOwn: Tally;
  /** What the instance met when it called others. */
  readonly outgoing: Tally;
  readonly methods: readonly MethodEvidence[];
}

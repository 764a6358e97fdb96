/** Something to be done later, whatever processes come and go meanwhile. */
export interface Timer {
  /** What kind of thing it is; who looks after that finds its timers by it. */
  readonly task: string;
  /** One timer of a task: set again, it is set anew. */
  readonly key: string;
  /** When it is due, in ms since the epoch by the clock of the store; undefined: now. */
  readonly dueAt?: number;
  /** Plain data that survives JSON. */
  readonly payload?: unknown;
}

/** A timer that is due, as it was found. */
export interface DueTimer {
  readonly key: string;
  readonly payload: unknown;
  /** Attempts before this one that came to nothing. */
  readonly attempts: number;
  /** Which setting of the timer it is: one that was set again meanwhile is another. */
  readonly setting: number;
  /** When it was found, in ms since the epoch by the clock of the store. */
  readonly foundAt: number;
}

export interface Postponement {
  readonly afterMs: number;
  /** Attempts that have come to nothing so far. */
  readonly attempts: number;
}

/**
 * Durable timers. They are due by the clock of the store, so that the clocks of processes do not matter; one may be found due
 * twice, so that what it leads to must be harmless then.
 *
 * @typeParam Tx the transaction of the store
 */
export abstract class Timers<Tx> {
  /** Takes timers back, and sets others, in a transaction. Of one key the last setting counts. */
  abstract set(
    transaction: Tx,
    timers: readonly Timer[],
    cancelled: readonly Pick<Timer, 'task' | 'key'>[],
  ): Promise<void>;

  /** The timers of a task that are due, the most overdue first, at most `limit`, without those keys. */
  abstract due(task: string, limit: number, without: readonly string[]): Promise<readonly DueTimer[]>;

  /** These are done. One that was set again meanwhile stays. */
  abstract done(task: string, timers: readonly DueTimer[]): Promise<void>;

  /** This is due again after `delayMs`. One that was set again meanwhile is due as it was set. */
  abstract postpone(task: string, timer: DueTimer, again: Postponement): Promise<void>;
}

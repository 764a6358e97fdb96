import type { LogPosition } from './event-store.port.js';

/**
 * How far readers of a log have come.
 *
 * Throws `DomainError`s: STORE_UNAVAILABLE (nothing was done), STORE_OUTCOME_UNKNOWN (from `advance` alone: it may have been done;
 * load the checkpoint to see).
 *
 * @typeParam Tx the transaction of the store that an effect writes in
 */
export abstract class Checkpoints<Tx> {
  /** Undefined: it has not begun. */
  abstract load(reader: string): Promise<LogPosition | undefined>;

  /**
   * Runs `effect` and moves the checkpoint in one transaction. `moved-by-another` means that somebody else has moved it from
   * `from`: nothing was done, and this reader is not the only one. What `effect` throws undoes all.
   */
  abstract advance(
    reader: string,
    from: LogPosition | undefined,
    to: LogPosition,
    effect: (transaction: Tx) => Promise<void>,
  ): Promise<'advanced' | 'moved-by-another'>;
}

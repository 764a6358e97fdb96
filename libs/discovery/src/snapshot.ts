import type { Instance } from './instance.js';

/** All usable instances of a service at one moment. Immutable, ordered by instance id, possibly empty. */
export interface Snapshot {
  readonly service: string;
  readonly instances: readonly Instance[];
  /** Milliseconds since the epoch when the registry last confirmed this content; the age of the data follows from it. */
  readonly confirmedAt: number;
  /** `registry` is a fresh answer; `disk` a cold start's memory of an earlier process; `last-known-good` is what stays
   * when the registry fails or is suddenly empty. */
  readonly source: 'registry' | 'disk' | 'last-known-good';
}

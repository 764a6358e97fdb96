import type { Instance } from './instance.js';

/** All usable instances of a service at one moment. Immutable, ordered by instance id, possibly empty. */
export interface Snapshot {
  readonly service: string;
  readonly instances: readonly Instance[];
  /** Ids of instances that the registry knows and that were taken out of rotation on purpose (maintenance). They are not
   * in `instances`; a consumer stops using them even when it has a live connection. */
  readonly outOfRotation: readonly string[];
  /** Milliseconds since the epoch when the registry last confirmed this content; the age of the data follows from it. */
  readonly confirmedAt: number;
  /** `registry` is a fresh answer; `disk` a cold start's memory of an earlier process; `last-known-good` is what stays
   * when the registry fails or is suddenly empty. */
  readonly source: 'registry' | 'disk' | 'last-known-good';
}

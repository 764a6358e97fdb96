import type { Instance } from './instance.js';

/**
 * All usable instances of a service at one moment. Immutable, ordered by instance id, possibly empty.
 *
 * Who holds what when the registry fails:
 *
 * - **The resolver** never lets an outage empty or shrink `instances`. While the registry does not answer, everything stays
 *   (`last-known-good`). When it answers again after a failure, or with an index that fell, it may have lost its catalogue:
 *   what the answer lacks then stays for one TTL plus a grace, named in `unconfirmed`, until it is listed again, its address
 *   belongs to another, or the time is over. Once listed again, its next absence counts at once. A sudden empty answer
 *   without a failure before it is confirmed by a second, consistent read, and then believed.
 * - **The consumer** (`rpc`) knows which connections live. It keeps using an instance that left the snapshot as long as its
 *   connection lives and it neither said goodbye nor appears in `outOfRotation` or under another incarnation; and it stops
 *   trying instances without a connection 10 minutes after `confirmedAt` when `source` is not `registry`.
 */
export interface Snapshot {
  readonly service: string;
  readonly instances: readonly Instance[];
  /** Ids of instances that the registry knows and that were taken out of rotation on purpose (maintenance). They are not
   * in `instances`; a consumer stops using them even when it has a live connection. */
  readonly outOfRotation: readonly string[];
  /** Ids of those in `instances` that the registry's latest answer lacks and that are kept for a while, because it may have
   * lost its memory. Absent or empty: every instance stands in the latest answer. */
  readonly unconfirmed?: readonly string[];
  /** Milliseconds since the epoch when the registry last answered for this service. A watch is not called for a mere
   * confirmation, so while `source` is `registry` the data is fresh however old this is. */
  readonly confirmedAt: number;
  /** `registry`: the registry answers. `last-known-good`: it does not, and this is what it said last. `disk`: it has not
   * answered yet, and this is what an earlier process remembered. */
  readonly source: 'registry' | 'disk' | 'last-known-good';
}

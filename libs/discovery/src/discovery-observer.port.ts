import type { Snapshot } from './snapshot.js';

/** What discovery did or suffered, for metrics and logs. `service` is empty for the list of service names. */
export type DiscoveryEvent =
  /** The registry answered, changed or not: the age of the data counts from here. */
  | { readonly type: 'confirmed'; readonly service: string; readonly confirmedAt: number }
  | { readonly type: 'snapshot-changed'; readonly snapshot: Snapshot }
  /** The last watch of the service ended; its age is of no interest any more. */
  | { readonly type: 'watch-ended'; readonly service: string }
  /** `failures` in a row, this one included. */
  | { readonly type: 'query-failed'; readonly service: string; readonly error: Error; readonly failures: number }
  /** The periodic lookup found a change that the watch had not told of, and started the watch anew. */
  | { readonly type: 'watch-repaired'; readonly service: string }
  /** An entry of the registry makes no sense and is left out. */
  | { readonly type: 'instance-refused'; readonly service: string; readonly instanceId: string; readonly error: Error }
  /** A callback given to `watch` threw. */
  | { readonly type: 'listener-failed'; readonly service: string; readonly error: Error }
  /** A snapshot on disk was unreadable, too old, or could not be written. Discovery goes on without it. */
  | { readonly type: 'disk-failed'; readonly service: string; readonly error: Error }
  /** `isRepeated`: the registry had forgotten the instance. */
  | { readonly type: 'registered'; readonly instanceId: string; readonly isRepeated: boolean }
  | {
      readonly type: 'registration-failed';
      readonly instanceId: string;
      readonly error: Error;
      readonly failures: number;
    }
  | { readonly type: 'beat-failed'; readonly instanceId: string; readonly error: Error; readonly failures: number };

/** Hears what discovery does. Must not throw and must return at once. */
export abstract class DiscoveryObserver {
  abstract observe(event: DiscoveryEvent): void;
}

/** For those who do not care. */
export class SilentDiscoveryObserver extends DiscoveryObserver {
  observe(): void {
    // Nobody listens.
  }
}

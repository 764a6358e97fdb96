import type { Cancellable } from '@rookery/runtime';
import type { Member } from './member.js';

/** Who is registered, as far as is known. */
export interface MemberListing {
  readonly members: readonly Member[];
  /** The registry has answered. False: it does not, and this is what it, or a file, said last. */
  readonly isFresh: boolean;
  /** Ids of members that are listed although the registry's answer lacks them, because it may have lost its memory. */
  readonly unconfirmed?: readonly string[];
  /** Ids of processes that were taken out of rotation on purpose. They stay members and are given no grain. */
  readonly outOfRotation?: readonly string[];
}

/** Tells who is registered as a member of the cluster. */
export abstract class MemberFeed {
  /** Calls the listener, not before `watch` has returned, with what is known now and with each change from then on. */
  abstract watch(listener: (listing: MemberListing) => void): Cancellable;
}

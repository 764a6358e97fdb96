import type { Instance, Snapshot } from '@rookery/discovery';
import { instanceKey } from '../traffic/report.js';

/** What the registry says, or last said, of one instance. */
export interface Listing {
  readonly instance: Instance;
  /** Taken out of rotation on purpose. */
  isInMaintenance: boolean;
  /** Monotonic time at which the registry stopped listing it; undefined while it is listed. */
  unlistedAt: number | undefined;
}

/** The expected set: every instance that the registry lists, and for a while those that it no longer does. */
export class Listings {
  private readonly listings = new Map<string, Listing>();

  /** Takes in all that is known of one service. */
  update(snapshot: Snapshot, at: number): void {
    const present = new Set(snapshot.instances.map(({ id }) => id));
    for (const instance of snapshot.instances) {
      this.listings.set(keyOf(instance), { instance, isInMaintenance: false, unlistedAt: undefined });
    }
    for (const listing of this.listings.values()) {
      if (listing.instance.service !== snapshot.service || present.has(listing.instance.id)) continue;
      listing.isInMaintenance = snapshot.outOfRotation.includes(listing.instance.id);
      if (listing.isInMaintenance) listing.unlistedAt = undefined;
      else listing.unlistedAt ??= at;
    }
  }

  get(ref: { readonly service: string; readonly instanceId: string }): Listing | undefined {
    return this.listings.get(instanceKey(ref));
  }

  all(): Iterable<Listing> {
    return this.listings.values();
  }

  forget(ref: { readonly service: string; readonly instanceId: string }): void {
    this.listings.delete(instanceKey(ref));
  }
}

function keyOf(instance: Instance): string {
  return instanceKey({ service: instance.service, instanceId: instance.id });
}

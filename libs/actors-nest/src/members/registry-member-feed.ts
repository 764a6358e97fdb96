import { type Member, MemberFeed, type MemberListing } from '@rookery/actors';
import type { Instance, Resolver, Snapshot } from '@rookery/discovery';
import { grainKindOf } from '@rookery/rpc';
import type { Cancellable, Scheduler } from '@rookery/runtime';
import { actorAddressOf } from './actor-capability.js';

/** The instances with actors of some services, as the registry lists them, as members of one cluster. */
export class RegistryMemberFeed extends MemberFeed {
  constructor(
    private readonly resolver: Resolver,
    private readonly scheduler: Scheduler,
    private readonly services: readonly string[],
  ) {
    super();
  }

  watch(listener: (listing: MemberListing) => void): Cancellable {
    const known = new Map<string, Snapshot>();
    let isDue = false;
    let isOver = false;
    const tell = (): void => {
      isDue = false;
      if (!isOver && known.size > 0) listener(listingOf([...known.values()], known.size === this.services.length));
    };
    const watches = this.services.map((service) =>
      this.resolver.watch(service, (snapshot) => {
        known.set(service, snapshot);
        // In a turn of its own: what is known already comes before `watch` has returned, and several may come at once.
        if (!isDue) this.scheduler.microtask(tell);
        isDue = true;
      }),
    );
    return {
      cancel: () => {
        isOver = true;
        for (const watch of watches) watch.close();
      },
    };
  }
}

function listingOf(snapshots: readonly Snapshot[], isComplete: boolean): MemberListing {
  return {
    members: snapshots.flatMap(({ instances }) => instances.flatMap(memberOf)),
    isFresh: isComplete && snapshots.every(({ source }) => source === 'registry'),
    unconfirmed: snapshots.flatMap(({ unconfirmed = [] }) => unconfirmed),
    outOfRotation: snapshots.flatMap(({ outOfRotation }) => outOfRotation),
  };
}

/** None, when the instance has no actors. */
function memberOf(instance: Instance): readonly Member[] {
  const address = actorAddressOf(instance);
  if (address === undefined) return [];
  const kinds = new Set(instance.capabilities.flatMap((capability) => grainKindOf(capability) ?? []));
  return [{ id: instance.id, incarnation: instance.incarnation, address, kinds }];
}

import type { Cancellable } from '@rookery/runtime';
import { MemberFeed, type MemberListing } from '../src/cluster/member-feed.port.js';
import { Peers } from '../src/cluster/peers.port.js';
import type { PeerChange } from '../src/index.js';

/** What a member does with those whom the registry lacks, when it takes an empty answer, or none, for the truth. */
export type Credulity = 'forgets' | 'retires';

/** Takes those whom the registry lacks out of rotation, itself among them. */
export class CredulousFeed extends MemberFeed {
  private readonly known = new Set<string>();

  constructor(private readonly feed: MemberFeed) {
    super();
  }

  watch(listener: (listing: MemberListing) => void): Cancellable {
    return this.feed.watch((listing) => {
      for (const { id } of listing.members) this.known.add(id);
      const listed = new Set(listing.isFresh ? listing.members.map(({ id }) => id) : []);
      listener({ ...listing, outOfRotation: [...this.known].filter((id) => !listed.has(id)) });
    });
  }
}

/** Says that those whom the registry lacks have gone, though the connections to them stand. */
export class CredulousPeers extends Peers {
  private readonly known = new Set<string>();

  constructor(
    private readonly peers: Peers,
    private readonly feed: MemberFeed,
  ) {
    super();
  }

  connect(address: string): void {
    this.peers.connect(address);
  }

  isUp(address: string): boolean {
    return this.peers.isUp(address);
  }

  watchPeers(listener: (change: PeerChange) => void): Cancellable {
    this.feed.watch(({ isFresh, members }) => {
      const listed = new Set(isFresh ? members.map(({ address }) => address) : []);
      for (const address of this.known) if (!listed.has(address)) listener({ address, state: 'gone' });
      for (const { address } of members) this.known.add(address);
    });
    return this.peers.watchPeers(listener);
  }

  quarantine(address: string, reason: string): void {
    this.peers.quarantine(address, reason);
  }
}

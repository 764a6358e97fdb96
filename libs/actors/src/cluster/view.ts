import { type Pid, pidByName } from '../local/pid.js';
import type { GrainsMessage, NotOwner } from './grain-messages.js';
import type { Topology } from './topology.js';

/** The cluster as this process goes by it, until it takes on the next view. */
export class View {
  constructor(
    readonly self: string,
    public topology: Topology,
  ) {}

  get version(): string {
    return this.topology.version;
  }

  isOurs(kind: string, identity: string): boolean {
    return this.topology.ownerOf(kind, identity)?.address === this.self;
  }

  isMember(address: string): boolean {
    return this.topology.memberAt(address) !== undefined;
  }

  /** Addresses of all members but this process. */
  get others(): readonly string[] {
    return this.topology.members.map(({ address }) => address).filter((address) => address !== this.self);
  }

  notOwner(kind: string, identity: string): NotOwner {
    const owner = this.topology.ownerOf(kind, identity);
    const { version: topologyVersion } = this;
    return { type: '$NotOwner', ownerId: owner?.id ?? '', ownerAddress: owner?.address ?? '', topologyVersion };
  }
}

/** Whoever takes calls of grains in the process of that address. */
export function grainsAt(address: string): Pid<GrainsMessage> {
  return pidByName(address, '$grains');
}

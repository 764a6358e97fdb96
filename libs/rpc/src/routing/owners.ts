import type { Instance } from '@rookery/discovery';
import { Placement } from '@rookery/resilience';

const GRAIN = 'grain:';

/** What an instance says of itself in the registry when it hosts grains of a kind: the full name of a proto service. */
export function grainCapability(kind: string): string {
  return `${GRAIN}${kind}`;
}

/** The kind of grains that a capability speaks of; undefined when it speaks of something else. */
export function grainKindOf(capability: string): string | undefined {
  return capability.startsWith(GRAIN) ? capability.slice(GRAIN.length) : undefined;
}

/**
 * Which of the listed instances of one service owns what. Those that cannot be reached just now own as much as the others:
 * everybody who knows the same list must come to the same owner, whatever the state of their own connections.
 */
export class Owners {
  private listed: readonly Instance[] = [];
  private readonly placements = new Map<string, Placement<Instance>>();

  update(listed: readonly Instance[]): void {
    this.listed = listed;
    this.placements.clear();
  }

  /** Undefined when no instance is listed. */
  ownerOf(kind: string, identity: string): Instance | undefined {
    let placement = this.placements.get(kind);
    if (placement === undefined) {
      placement = new Placement(kind, this.candidates(kind), ({ id }) => id);
      this.placements.set(kind, placement);
    }
    return placement.ownerOf(identity);
  }

  named(id: string): Instance | undefined {
    return this.listed.find((instance) => instance.id === id);
  }

  /** A service without grains may have routing keys all the same, for its caches; then all its instances share them. */
  private candidates(kind: string): readonly Instance[] {
    const capability = grainCapability(kind);
    const hosts = this.listed.filter(({ capabilities }) => capabilities.includes(capability));
    return hosts.length > 0 ? hosts : this.listed;
  }
}

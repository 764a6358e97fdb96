import type { Resolver, Watch } from '@rookery/discovery';

import type { ProviderContracts } from './known-contract.js';
import { type ContractSources, ServiceContracts, type UnreadContract } from './service-contracts.js';

interface Entry {
  readonly contracts: ServiceContracts;
  readonly watch: Watch;
  isListed: boolean;
}

/**
 * Follows every service in the registry and what its instances serve. `onChange` is called in the same turn in which the
 * registry's news arrive, so that no call goes to an instance whose contract nobody has looked at.
 */
export class ContractCatalogue {
  private readonly entries = new Map<string, Entry>();
  private watch: Watch | undefined;
  private hasServices = false;

  constructor(
    private readonly resolver: Resolver,
    private readonly sources: ContractSources,
    private readonly onChange: () => void,
  ) {}

  start(): void {
    this.watch = this.resolver.watchServices((services) => this.follow(services));
  }

  /** The longest serving first: that order decides on a path which several claim at once. */
  get providers(): readonly ProviderContracts[] {
    return [...this.entries.values()].map(({ contracts }) => contracts.providers).sort(bySeniority);
  }

  get unread(): readonly UnreadContract[] {
    return [...this.entries.values()].flatMap(({ contracts }) => contracts.unread);
  }

  /** Every contract that was found so far has been read, or refused at least once. */
  get isSettled(): boolean {
    return this.hasServices && [...this.entries.values()].every(({ contracts }) => !contracts.isReadingFirst);
  }

  /**
   * Whether a path without a route has none. Not while the registry has told nothing, or a contract is expected that could
   * not be read yet: one that an instance names, as long as the routes of a lost one stay; any other for a moment.
   */
  get isComplete(): boolean {
    return this.hasServices && [...this.entries.values()].every(({ contracts }) => !contracts.isIncomplete);
  }

  close(): void {
    this.watch?.close();
    for (const entry of this.entries.values()) {
      entry.watch.close();
      entry.contracts.close();
    }
    this.entries.clear();
  }

  private follow(services: readonly string[]): void {
    this.hasServices = true;
    const listed = new Set(services);
    for (const [service, entry] of this.entries) {
      entry.isListed = listed.has(service);
      this.dropIfGone(service, entry);
    }
    for (const service of [...listed].sort()) if (!this.entries.has(service)) this.add(service);
    this.onChange();
  }

  private add(service: string): void {
    const contracts = new ServiceContracts(service, this.sources, () => this.changed(service));
    const watch = this.resolver.watch(service, (snapshot) => contracts.update(snapshot.instances));
    this.entries.set(service, { contracts, watch, isListed: true });
  }

  private changed(service: string): void {
    const entry = this.entries.get(service);
    if (entry === undefined) return; // The first snapshot, while the entry is being made; `follow` tells of it.
    this.dropIfGone(service, entry);
    this.onChange();
  }

  /** A service that left the registry stays until its last route has. */
  private dropIfGone(service: string, entry: Entry): void {
    if (entry.isListed || !entry.contracts.isEmpty) return;
    entry.watch.close();
    entry.contracts.close();
    this.entries.delete(service);
  }
}

function bySeniority(left: ProviderContracts, right: ProviderContracts): number {
  if (left.since !== right.since) return left.since < right.since ? -1 : 1;
  return left.service < right.service ? -1 : 1;
}

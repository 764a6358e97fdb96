import type { Instance } from '@rookery/discovery';
import type { Cancellable, Clock, Random, Scheduler } from '@rookery/runtime';

import { type ContractOffers, offersOf } from '../routing/route-offer.js';
import type { Contract } from './contract.js';
import { byContract } from './contract-key.js';
import type { ContractReader } from './contract-reader.port.js';
import { ContractReadings } from './contract-readings.js';
import type { KnownContract, ProviderContracts } from './known-contract.js';

export interface ContractSources {
  readonly reader: ContractReader;
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly clock: Clock;
  /** How long the routes of a contract stay after its last instance has gone, and a new one is expected to be read. */
  readonly lingerMs: number;
}

/** Who names no contract may have none, or speak no gRPC at all. */
const UNNAMED_PATIENCE_MS = 3000;

/** A contract that could not be read yet. */
export interface UnreadContract {
  readonly service: string;
  readonly contract: string;
  readonly instances: readonly string[];
  readonly attempts: number;
  readonly lastError: string | undefined;
}

interface Known {
  readonly offers: ContractOffers;
  /** Rises with each contract that is learnt. */
  readonly order: number;
  /** Start of the youngest instance that was seen with this contract. */
  startedAt: number;
  expiry: Cancellable | undefined;
}

/**
 * Keeps the contracts of one service: reads each that appears once, from any instance that has it, until it succeeds or
 * the last such instance is gone; forgets one `lingerMs` after its last instance.
 */
export class ServiceContracts {
  private instances = new Map<string, Instance[]>();
  private readonly known = new Map<string, Known>();
  private readonly readings: ContractReadings;
  private learnt = 0;
  private isHeardOf = false;
  private since = Number.POSITIVE_INFINITY;

  constructor(
    readonly service: string,
    private readonly sources: ContractSources,
    private readonly onChange: () => void,
  ) {
    this.readings = new ContractReadings({
      ...sources,
      instancesOf: (key) => this.instances.get(key) ?? [],
      onRead: (key, contract) => this.learn(key, contract),
      onSettled: onChange,
    });
  }

  update(instances: readonly Instance[]): void {
    this.isHeardOf = true;
    this.instances = byContract(instances.filter((instance) => instance.endpoints['grpc'] !== undefined));
    for (const { servedSince, startedAt } of instances) {
      this.since = Math.min(this.since, servedSince ?? (startedAt || Number.POSITIVE_INFINITY));
    }
    this.readings.keepOnly((key) => this.instances.has(key));
    for (const key of this.instances.keys()) {
      const known = this.known.get(key);
      if (known === undefined) this.readings.start(key, this.patienceWith(key));
      else this.returned(key, known);
    }
    for (const [key, known] of this.known) if (!this.instances.has(key)) this.vanished(key, known);
    this.onChange();
  }

  get providers(): ProviderContracts {
    const newestFirst = [...this.known].sort(([, a], [, b]) => b.startedAt - a.startedAt || b.order - a.order);
    const contracts = newestFirst.map(([key, { offers }]): KnownContract => {
      return { ...offers, key, isServed: this.instances.has(key) };
    });
    return { service: this.service, since: this.since, contracts, hasUnread: this.readings.size > 0 };
  }

  get unread(): readonly UnreadContract[] {
    return this.readings.entries().map(({ key, attempts, lastError }) => {
      const instances = (this.instances.get(key) ?? []).map((instance) => instance.id);
      return { service: this.service, contract: key, instances, attempts, lastError };
    });
  }

  /** Whether the registry has not told of its instances, or a contract was asked for and neither answered nor refused once. */
  get isReadingFirst(): boolean {
    return !this.isHeardOf || this.readings.isFirstOpen;
  }

  /** Whether routes may be missing that are to be expected. */
  get isIncomplete(): boolean {
    return !this.isHeardOf || this.readings.isAnyExpected;
  }

  get isEmpty(): boolean {
    return this.known.size === 0 && this.instances.size === 0;
  }

  close(): void {
    this.readings.keepOnly(() => false);
    for (const known of this.known.values()) known.expiry?.cancel();
  }

  private patienceWith(key: string): number {
    const isNamed = this.instances.get(key)?.some((instance) => instance.contractDigest !== '') ?? false;
    return isNamed ? this.sources.lingerMs : UNNAMED_PATIENCE_MS;
  }

  private learn(key: string, contract: Contract): void {
    this.known.set(key, {
      offers: offersOf(contract),
      order: this.learnt++,
      startedAt: this.youngestStart(key),
      expiry: undefined,
    });
  }

  private returned(key: string, known: Known): void {
    known.expiry?.cancel();
    known.expiry = undefined;
    known.startedAt = Math.max(known.startedAt, this.youngestStart(key));
  }

  private vanished(key: string, known: Known): void {
    known.expiry ??= this.sources.scheduler.timer(this.sources.lingerMs, () => {
      this.known.delete(key);
      this.onChange();
    });
  }

  private youngestStart(key: string): number {
    return Math.max(0, ...(this.instances.get(key) ?? []).map((instance) => instance.startedAt));
  }
}

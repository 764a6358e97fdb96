import type { Instance } from '@rookery/discovery';
import type { Cancellable, Clock, Random, Scheduler } from '@rookery/runtime';
import { fullJitter } from '@rookery/resilience';

import { type ContractOffers, offersOf } from '../routing/route-offer.js';
import { contractKey } from './contract-key.js';
import type { ContractReader } from './contract-reader.port.js';
import type { KnownContract, ProviderContracts } from './known-contract.js';

export interface ContractSources {
  readonly reader: ContractReader;
  readonly clock: Clock;
  readonly random: Random;
  readonly scheduler: Scheduler;
  /** How long the routes of a contract stay after its last instance has gone. */
  readonly lingerMs: number;
}

/** A contract that could not be read yet. */
export interface UnreadContract {
  readonly service: string;
  readonly contract: string;
  readonly instances: readonly string[];
  readonly attempts: number;
  readonly lastError: string | undefined;
}

interface Reading {
  attempts: number;
  lastError: string | undefined;
  retry: Cancellable | undefined;
}

interface Known {
  readonly offers: ContractOffers;
  readonly order: number;
  /** Start of the youngest instance that was seen with this contract. */
  startedAt: number;
  expiry: Cancellable | undefined;
}

const RETRY = { baseMs: 200, capMs: 15_000 };

/**
 * Keeps the contracts of one service: reads each that appears once, from any instance that has it, until it succeeds or
 * the last such instance is gone; forgets one `lingerMs` after its last instance.
 */
export class ServiceContracts {
  private instances = new Map<string, Instance[]>();
  private readonly known = new Map<string, Known>();
  private readonly readings = new Map<string, Reading>();
  private isClosed = false;

  constructor(
    readonly service: string,
    private readonly sources: ContractSources,
    private readonly onChange: () => void,
  ) {}

  update(instances: readonly Instance[]): void {
    const callable = instances.filter((instance) => instance.endpoints['grpc'] !== undefined);
    this.instances = byContract(callable);
    for (const [key, group] of this.instances) this.appeared(key, group);
    for (const [key, reading] of this.readings) if (!this.instances.has(key)) this.abandon(key, reading);
    for (const [key, known] of this.known) if (!this.instances.has(key)) this.vanished(key, known);
    this.onChange();
  }

  get providers(): ProviderContracts {
    const newestFirst = [...this.known].sort(([, a], [, b]) => b.startedAt - a.startedAt || b.order - a.order);
    const contracts = newestFirst.map(([key, { offers }]): KnownContract => ({
      ...offers,
      key,
      isServed: this.instances.has(key),
    }));
    return { service: this.service, contracts, hasUnread: this.readings.size > 0 };
  }

  get unread(): readonly UnreadContract[] {
    return [...this.readings].map(([contract, { attempts, lastError }]) => {
      const instances = (this.instances.get(contract) ?? []).map((instance) => instance.id);
      return { service: this.service, contract, instances, attempts, lastError };
    });
  }

  /** Whether a contract has been asked for and not yet answered, nor refused once. */
  get isReadingFirst(): boolean {
    return [...this.readings.values()].some((reading) => reading.attempts === 0);
  }

  get isEmpty(): boolean {
    return this.known.size === 0 && this.instances.size === 0;
  }

  close(): void {
    this.isClosed = true;
    for (const [key, reading] of this.readings) this.abandon(key, reading);
    for (const known of this.known.values()) known.expiry?.cancel();
  }

  private appeared(key: string, group: readonly Instance[]): void {
    const known = this.known.get(key);
    if (known !== undefined) {
      known.expiry?.cancel();
      known.expiry = undefined;
      known.startedAt = Math.max(known.startedAt, ...group.map((instance) => instance.startedAt));
    } else if (!this.readings.has(key)) {
      const reading: Reading = { attempts: 0, lastError: undefined, retry: undefined };
      this.readings.set(key, reading);
      void this.read(key, reading);
    }
  }

  private async read(key: string, reading: Reading): Promise<void> {
    const group = this.instances.get(key) ?? [];
    const instance = group[reading.attempts % Math.max(1, group.length)];
    if (instance === undefined) return;
    try {
      const offers = offersOf(await this.sources.reader.read(instance));
      if (this.readings.get(key) === reading) this.learn(key, offers);
    } catch (error) {
      if (this.readings.get(key) === reading) this.retryLater(key, reading, error);
    }
  }

  private learn(key: string, offers: ContractOffers): void {
    this.readings.delete(key);
    const startedAt = Math.max(0, ...(this.instances.get(key) ?? []).map((instance) => instance.startedAt));
    this.known.set(key, { offers, order: this.known.size, startedAt, expiry: undefined });
    this.onChange();
  }

  private retryLater(key: string, reading: Reading, error: unknown): void {
    reading.attempts++;
    reading.lastError = error instanceof Error ? error.message : String(error);
    const pause = fullJitter(reading.attempts, RETRY, this.sources.random);
    reading.retry = this.sources.scheduler.timer(pause, () => void this.read(key, reading));
    this.onChange();
  }

  private abandon(key: string, reading: Reading): void {
    reading.retry?.cancel();
    this.readings.delete(key);
  }

  private vanished(key: string, known: Known): void {
    if (this.isClosed) return;
    known.expiry ??= this.sources.scheduler.timer(this.sources.lingerMs, () => {
      this.known.delete(key);
      this.onChange();
    });
  }
}

function byContract(instances: readonly Instance[]): Map<string, Instance[]> {
  const groups = new Map<string, Instance[]>();
  for (const instance of instances) {
    const key = contractKey(instance);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [instance]);
    else group.push(instance);
  }
  return groups;
}

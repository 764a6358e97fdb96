import type { Type } from '@nestjs/common';
import { Placement } from '@rookery/resilience';
import { StaticCatalogue } from '@rookery/discovery';
import { CounterServiceDefinition } from '@rookery/contracts/nest';
import { Actors, Grains } from '@rookery/actors-nest';
import { type ServiceUnderTest, startUnderTest } from '@rookery/service-kit/testing';
import { until } from '@rookery/testkit';
import { LiveActors } from '../src/life/live-actors.js';
import { CountersModule } from './counters.module.js';
import { Ledger } from './ledger.js';

const KIND = CounterServiceDefinition.name;

/** Of identities that tests were given: totals outlive a cluster. */
let asked = 0;

/** One of several services with counters. */
export interface CounterProcess extends ServiceUnderTest {
  readonly id: string;
  readonly actors: Actors;
  readonly grains: Grains;
  readonly ledger: Ledger;
  /** What no user of the library sees. */
  readonly live: LiveActors;
}

/** Several processes' worth of services with counters, all in this one, that find each other in one registry. */
export class ClusterOfCounters {
  readonly catalogue = new StaticCatalogue();
  readonly processes: CounterProcess[] = [];

  constructor(private readonly appModule: Type = CountersModule) {}

  /** Starts them, and lets them agree on who is there. */
  async start(...ids: readonly string[]): Promise<CounterProcess[]> {
    const started: CounterProcess[] = [];
    for (const id of ids) started.push(await this.startOne(id));
    await this.untilAgreed();
    return started;
  }

  /** The next of many identities, of those that this process owns. */
  ownedBy({ id }: CounterProcess): string {
    const placement = new Placement(KIND, this.processes, (one) => one.id);
    for (;;) {
      const identity = `${id}-${asked++}`;
      if (placement.ownerOf(identity)?.id === id) return identity;
    }
  }

  async untilAgreed(): Promise<void> {
    const others = this.processes.length - 1;
    await until('all see all', () =>
      this.processes.every(({ live }) => [...live.peers.values()].filter((isUp) => isUp).length === others),
    );
  }

  /** Another process seems to have taken its id, so that others give this one up, and it begins anew. */
  takeIdOf({ id }: CounterProcess): void {
    const listed = this.catalogue.answer('testing').usable.find((instance) => instance.id === id);
    if (listed === undefined) throw new Error(`${id} is not listed`);
    this.catalogue.put({ ...listed, incarnation: 'another' });
  }

  async stop(process: CounterProcess): Promise<void> {
    this.processes.splice(this.processes.indexOf(process), 1);
    await process.stop();
  }

  async stopAll(): Promise<void> {
    for (const process of [...this.processes]) await this.stop(process);
  }

  private async startOne(id: string): Promise<CounterProcess> {
    const service = await startUnderTest(this.appModule, { INSTANCE_ID: id }, this.catalogue);
    const { app } = service.service;
    const process = {
      ...service,
      ...{ id, actors: app.get(Actors), grains: app.get(Grains), ledger: app.get(Ledger) },
      live: app.get(LiveActors),
    };
    this.processes.push(process);
    return process;
  }
}

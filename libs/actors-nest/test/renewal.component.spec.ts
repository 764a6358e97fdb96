import { Injectable, Module } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Actor, Received } from '@rookery/actors';
import { ActorsModule, RootActor } from '@rookery/actors-nest';
import { ServiceKitModule } from '@rookery/service-kit';
import { until } from '@rookery/testkit';
import { ClusterOfCounters, type CounterProcess } from './cluster-of-counters.js';
import { CounterGrain } from './counter.grain.js';
import { Greeter } from './greeter.js';
import { Ledger } from './ledger.js';
import { VisitorsActor } from './visitors.actor.js';

/** Keeps what ends from ending. */
@Injectable()
class Brake {
  open!: () => void;
  readonly isOpen = new Promise<void>((resolve) => (this.open = resolve));
}

@RootActor({ name: 'slow' })
class SlowActor implements Actor {
  constructor(private readonly brake: Brake) {}

  receive(message: Received<never>): void | Promise<void> {
    if (message.type === 'Stopping') return this.brake.isOpen;
  }
}

@Module({
  imports: [
    ServiceKitModule.forRoot({ name: 'testing' }),
    ActorsModule.forRoot(),
    ActorsModule.forFeature([VisitorsActor, CounterGrain, SlowActor]),
  ],
  providers: [Brake, Greeter, Ledger],
})
class SlowModule {}

const cluster = new ClusterOfCounters(SlowModule);
let a: CounterProcess;
let brakes: readonly Brake[];

beforeEach(async () => {
  const processes = await cluster.start('a', 'b');
  brakes = processes.map(({ service }) => service.app.get(Brake));
  a = processes[0] as CounterProcess;
});
afterEach(async () => {
  for (const { open } of brakes) open();
  await cluster.stopAll();
});

async function get(path: string): Promise<{ readonly status: number; readonly body: unknown }> {
  const response = await fetch(`${a.http}${path}`);
  return { status: response.status, body: await response.json() };
}

describe('while a new actor system takes over', () => {
  it('there are no actors, which the service says, and then there are again', async () => {
    cluster.takeIdOf(a);
    await until('the former one ends', () => a.live.current === undefined);
    expect((await fetch(`${a.http}/readyz`)).status).toBe(503);
    expect(() => a.actors.system).toThrow(expect.objectContaining({ code: 'ACTORS_NOT_STARTED' }));
    expect(await get('/actors')).toMatchObject({
      status: 503,
      body: { message: expect.stringContaining('not there') },
    });
    for (const { open } of brakes) open();
    await until('the next one is there', () => a.live.current !== undefined);
    expect((await fetch(`${a.http}/readyz`)).status).toBe(200);
    expect(await get('/actors')).toMatchObject({ status: 200, body: { address: a.actors.system.address } });
    expect(a.actors.system.address).toMatch(/\+1$/);
  });
});

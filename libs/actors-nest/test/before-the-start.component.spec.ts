import { Injectable, Module, type OnModuleInit } from '@nestjs/common';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Actors, ActorsModule, Grains } from '@rookery/actors-nest';
import { CounterServiceGrainClient } from '@rookery/contracts/nest';
import { ServiceKitModule } from '@rookery/service-kit';
import { type ServiceUnderTest, startUnderTest } from '@rookery/service-kit/testing';
import { CounterGrain } from './counter.grain.js';
import { Greeter } from './greeter.js';
import { Ledger } from './ledger.js';
import { VisitorsActor } from './visitors.actor.js';

/** Wants everything before the application has started. */
@Injectable()
class EarlyRiser implements OnModuleInit {
  readonly refusals: unknown[] = [];

  constructor(
    private readonly actors: Actors,
    private readonly grains: Grains,
  ) {}

  async onModuleInit(): Promise<void> {
    const wishes: readonly (() => unknown)[] = [
      () => this.actors.system,
      () => this.actors.cluster,
      () => this.actors.remote,
      () => this.actors.pidOf(VisitorsActor),
      () => this.grains.get(CounterServiceGrainClient, 'early').getTotal({ counterId: 'early' }),
    ];
    for (const wish of wishes) {
      try {
        await wish();
      } catch (error) {
        this.refusals.push(error);
      }
    }
  }
}

@Module({
  imports: [
    ServiceKitModule.forRoot({ name: 'testing' }),
    ActorsModule.forRoot(),
    ActorsModule.forFeature([VisitorsActor, CounterGrain]),
  ],
  providers: [EarlyRiser, Greeter, Ledger],
})
class EarlyModule {}

let service: ServiceUnderTest | undefined;
afterEach(() => service?.stop());

describe('before the application has started', () => {
  it('there are no actors and no grains, and whoever wants them hears when they come', async () => {
    service = await startUnderTest(EarlyModule);
    const { refusals } = service.service.app.get(EarlyRiser);
    const refusal = { code: 'ACTORS_NOT_STARTED', kind: 'unavailable', message: expect.stringContaining('they start') };
    expect(refusals).toMatchObject(Array(5).fill(refusal));
    expect(service.service.app.get(Actors).system.find('visitors')).toBeDefined();
  });
});

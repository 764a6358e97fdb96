// #region module
import { Controller, Get, Module, Param } from '@nestjs/common';
import { Actors, ActorsModule, Grains } from '@rookery/actors-nest';
import { CounterServiceGrainClient } from '@rookery/contracts/nest';
import { ServiceKitModule } from '@rookery/service-kit';
import { CounterGrain } from './counter.grain.js';
import { Greeter } from './greeter.js';
import { Ledger } from './ledger.js';
import { VisitorsActor } from './visitors.actor.js';

@Controller()
export class DoorHttpController {
  constructor(
    private readonly actors: Actors,
    private readonly grains: Grains,
  ) {}

  @Get('enter/:name')
  enter(@Param('name') name: string): Promise<string> {
    const { system } = this.actors;
    return system.ask(this.actors.pidOf(VisitorsActor), { type: 'Enter', name });
  }

  @Get('count/:counterId')
  async count(@Param('counterId') counterId: string): Promise<number> {
    const counter = this.grains.get(CounterServiceGrainClient, counterId);
    return (await counter.add({ counterId, amount: 1 })).total;
  }
}

@Module({
  imports: [
    ServiceKitModule.forRoot({ name: 'testing' }),
    ActorsModule.forRoot(),
    ActorsModule.forFeature([VisitorsActor, CounterGrain]),
  ],
  controllers: [DoorHttpController],
  providers: [Greeter, Ledger],
})
export class CountersModule {}
// #endregion

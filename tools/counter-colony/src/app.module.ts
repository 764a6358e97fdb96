import { Module } from '@nestjs/common';
import { ActorsModule } from '@rookery/actors-nest';
import { ServiceKitModule } from '@rookery/service-kit';
import { ColonyHttpController } from './colony.http.controller.js';
import { CounterGrain } from './counter.grain.js';
import { landmarkMessages, LandmarkActor } from './landmark.actor.js';
import { Logbook } from './logbook.js';
import { LookoutActor } from './lookout.actor.js';

@Module({
  imports: [
    ServiceKitModule.forRoot({ name: 'testing' }),
    ActorsModule.forRoot({ messages: landmarkMessages }),
    ActorsModule.forFeature([CounterGrain, LandmarkActor, LookoutActor]),
  ],
  controllers: [ColonyHttpController],
  providers: [Logbook],
  exports: [Logbook],
})
export class AppModule {}

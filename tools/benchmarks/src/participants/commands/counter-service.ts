/** A service of counters as any service of the workspace is made: its settings come from the environment. */
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { ActorsModule } from '@rookery/actors-nest';
import { databaseSettings, EventSourcingModule } from '@rookery/cqrs';
import { runService, ServiceKitModule, settings } from '@rookery/service-kit';

import { AddToCounterHandler } from './add-to-counter.handler.js';
import { CounterGrain } from './counter.grain.js';
import { GetTotalHandler } from './get-total.query.js';

class CounterConfig extends settings(databaseSettings) {}

@Module({
  imports: [
    ServiceKitModule.forRoot({ name: 'testing', config: CounterConfig }),
    ActorsModule.forRoot(),
    EventSourcingModule.forRoot({ config: CounterConfig }),
    ActorsModule.forFeature([CounterGrain]),
  ],
  providers: [AddToCounterHandler, GetTotalHandler],
})
class CounterModule {}

void runService(CounterModule);

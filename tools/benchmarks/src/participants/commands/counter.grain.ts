import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { GrainContext } from '@rookery/actors';
import type { testing } from '@rookery/contracts/messages';
import { type CounterServiceGrain, CounterServiceGrainClient } from '@rookery/contracts/nest';
import { AggregateGrain } from '@rookery/cqrs';
import { ServiceIdentity } from '@rookery/service-kit';

import { AddToCounter } from './add-to-counter.handler.js';
import { counterAggregate } from './counter.aggregate.js';
import { GetTotal } from './get-total.query.js';

/** A counter that outlives its process. */
@AggregateGrain(CounterServiceGrainClient, counterAggregate)
export class CounterGrain implements CounterServiceGrain<GrainContext> {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly own: ServiceIdentity,
  ) {}

  async add({ amount, counterId }: testing.AddRequest): Promise<testing.AddResponse> {
    const total = await this.commands.execute(new AddToCounter(counterId, amount));
    return { total, instance: this.own.instanceId };
  }

  async getTotal({ counterId }: testing.GetTotalRequest): Promise<testing.GetTotalResponse> {
    const total = await this.queries.execute(new GetTotal(counterId));
    return { total, instance: this.own.instanceId };
  }
}

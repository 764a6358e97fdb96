import type { GrainContext } from '@rookery/actors';
import { GrainOf } from '@rookery/actors-nest';
import type { testing } from '@rookery/contracts/messages';
import { type CounterServiceGrain, CounterServiceGrainClient } from '@rookery/contracts/nest';

/**
 * A counter that lives in memory alone: each activation begins at nothing. As its instance it names the activation, whose Pid
 * begins with the process and the actor system, so that whoever hears answers can tell activations apart.
 */
@GrainOf(CounterServiceGrainClient, { passivateAfterMs: 0 })
export class CounterGrain implements CounterServiceGrain<GrainContext> {
  private total = 0;

  add({ amount }: testing.AddRequest, { self }: GrainContext): testing.AddResponse {
    this.total += amount;
    return { total: this.total, instance: self.toString() };
  }

  getTotal(_request: testing.GetTotalRequest, { self }: GrainContext): testing.GetTotalResponse {
    return { total: this.total, instance: self.toString() };
  }
}

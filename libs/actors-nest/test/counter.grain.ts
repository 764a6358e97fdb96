// #region grain
import type { GrainContext } from '@rookery/actors';
import { GrainOf } from '@rookery/actors-nest';
import type { testing } from '@rookery/contracts/messages';
import { type CounterServiceGrain, CounterServiceGrainClient } from '@rookery/contracts/nest';
import { ServiceIdentity } from '@rookery/service-kit';
import { Ledger } from './ledger.js';

@GrainOf(CounterServiceGrainClient, { passivateAfterMs: 60_000 })
export class CounterGrain implements CounterServiceGrain<GrainContext> {
  private total = 0;

  constructor(
    private readonly ledger: Ledger,
    private readonly self: ServiceIdentity,
  ) {}

  activate({ identity }: GrainContext): void {
    this.total = this.ledger.totalOf(identity);
  }

  add({ amount }: testing.AddRequest, { identity }: GrainContext): testing.AddResponse {
    this.total += amount;
    this.ledger.note(identity, this.total);
    return { total: this.total, instance: this.self.instanceId };
  }

  getTotal(): testing.GetTotalResponse {
    return { total: this.total, instance: this.self.instanceId };
  }
}
// #endregion

// #region grain
import type { testing } from '@rookery/contracts/messages';
import type { CounterServiceGrain } from '@rookery/contracts/nest';

export class CounterGrain implements CounterServiceGrain {
  private total = 0;

  constructor(private readonly instance: string) {}

  add({ amount }: testing.AddRequest): testing.AddResponse {
    this.total += amount;
    return { total: this.total, instance: this.instance };
  }

  getTotal(): testing.GetTotalResponse {
    return { total: this.total, instance: this.instance };
  }
}
// #endregion

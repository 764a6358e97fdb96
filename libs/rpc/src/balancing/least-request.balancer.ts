import type { Instance } from '@rookery/discovery';
import type { Clock, Random } from '@rookery/runtime';
import { Balancer, type Pick, type Picker, type PickRequest } from './balancer.js';
import { InstanceMemory, stateOf, weightOf } from './instance-memory.js';
import { WeightedPair } from './weighted-pair.js';

export interface LeastRequestOptions {
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * Power of two choices by calls in flight for each unit of weight: of two instances drawn by weight, the less busy one.
 * Needs no history and adapts at once, but an instance that fails fast is never busy and so attracts calls.
 */
export class LeastRequestBalancer extends Balancer {
  private readonly memory: InstanceMemory<CountedInstance>;
  private readonly random: Random;

  constructor({ clock, random }: LeastRequestOptions) {
    super();
    this.random = random;
    this.memory = new InstanceMemory(clock, (instance) => new CountedInstance(instance));
  }

  update(instances: readonly Instance[]): Picker {
    const counted = this.memory.update(instances);
    return new LeastRequestPicker(counted, new WeightedPair(counted, this.random), this.random);
  }
}

class CountedInstance implements Pick {
  private inFlight = 0;

  constructor(public instance: Instance) {}

  get load(): number {
    return this.inFlight / weightOf(this.instance);
  }

  started(): void {
    this.inFlight++;
  }

  ended(): void {
    if (this.inFlight > 0) this.inFlight--;
  }
}

class LeastRequestPicker implements Picker {
  constructor(
    private readonly counted: readonly CountedInstance[],
    private readonly pair: WeightedPair<CountedInstance>,
    private readonly random: Random,
  ) {}

  pick(request: PickRequest): Pick | undefined {
    this.pair.draw(request);
    const { incumbent, challenger, correction } = this.pair;
    if (incumbent === undefined || challenger === undefined) return incumbent;
    if (challenger.load !== incumbent.load) return challenger.load < incumbent.load ? challenger : incumbent;
    return correction >= 1 || this.random.next() < correction ? challenger : incumbent;
  }

  pickOf(instance: Instance): Pick | undefined {
    return stateOf(this.counted, instance);
  }
}

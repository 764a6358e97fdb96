import type { Instance } from '@rookery/discovery';
import type { Clock, Random } from '@rookery/runtime';
import { Balancer, type Pick, type Picker, type PickRequest } from './balancer.js';
import { InstanceMemory, stateOf, wasTried, weightOf } from './instance-memory.js';

export interface RoundRobinOptions {
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * Smooth weighted round robin: at each pick every instance gains its share of a turn, and the richest is taken and pays
 * what all gained. Looks at weights alone: the one to compare others with, and the one for calls that all cost the same.
 *
 * Credit is counted in turns and survives updates, so a set whose weights change before every pick is still served in
 * turn, and an instance that was heavy is not kept waiting for its old debt.
 */
export class RoundRobinBalancer extends Balancer {
  private readonly memory: InstanceMemory<WaitingInstance>;

  constructor({ clock, random }: RoundRobinOptions) {
    super();
    // A newcomer starts anywhere within its turn; otherwise all callers that see it appear would call it at once.
    this.memory = new InstanceMemory(clock, (instance) => new WaitingInstance(instance, random.next() - 0.5));
  }

  update(instances: readonly Instance[]): Picker {
    const waiting = this.memory.update(instances);
    const total = waiting.reduce((sum, { instance }) => sum + weightOf(instance), 0);
    const mean = waiting.reduce((sum, { credit }) => sum + credit, 0) / waiting.length;
    for (const each of waiting) {
      each.share = weightOf(each.instance) / total;
      // What those who left had saved or owed is not for those who stay.
      each.credit -= mean;
    }
    return new RoundRobinPicker(waiting);
  }
}

class WaitingInstance implements Pick {
  share = 1;

  constructor(
    public instance: Instance,
    public credit: number,
  ) {}

  // Turns depend on nothing that a call does.
  started(): void {}

  ended(): void {}
}

class RoundRobinPicker implements Picker {
  constructor(private readonly waiting: readonly WaitingInstance[]) {}

  pick({ eligible, tried }: PickRequest): Pick | undefined {
    const untried = tried !== undefined && tried.length > 0 ? this.next(eligible, tried) : undefined;
    return untried ?? this.next(eligible, undefined);
  }

  /** Costs no turn: what has an owner is no part of what is shared out. */
  pickOf(instance: Instance): Pick | undefined {
    return stateOf(this.waiting, instance);
  }

  private next(eligible: PickRequest['eligible'], tried: PickRequest['tried']): Pick | undefined {
    let richest: WaitingInstance | undefined;
    let gained = 0;
    for (const each of this.waiting) {
      if (eligible !== undefined && !eligible(each.instance)) continue;
      if (wasTried(each.instance, tried)) continue;
      each.credit += each.share;
      gained += each.share;
      if (richest === undefined || each.credit > richest.credit) richest = each;
    }
    if (richest !== undefined) richest.credit -= gained;
    return richest;
  }
}

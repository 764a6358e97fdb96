import { SeededRandom, VirtualTime } from '@rookery/runtime/testing';
import { ActorSystem, type ActorSystemOptions } from '../local/actor-system.js';

/** An actor system whose time stands still until the test moves it. Equal seeds and equal calls give equal runs. */
export interface TestSystem {
  readonly system: ActorSystem;
  readonly time: VirtualTime;
  /** Runs what can run without time passing, promises included. */
  settle(): Promise<void>;
}

export function createTestSystem(options: Partial<ActorSystemOptions> & { readonly seed?: number } = {}): TestSystem {
  const time = new VirtualTime();
  const { seed = 1, ...own } = options;
  const system = new ActorSystem({
    clock: time.clock,
    random: new SeededRandom(seed),
    scheduler: time,
    freezesMessages: true,
    ...own,
  });
  return { system, time, settle: () => time.advanceAsync(0) };
}

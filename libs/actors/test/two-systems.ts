import { ActorSystem, type PeerNetwork } from '@rookery/actors';
import { SimulatedNetwork } from '@rookery/actors/testing';
import { SeededRandom, VirtualTime } from '@rookery/runtime/testing';

export interface Side {
  readonly system: ActorSystem;
  readonly network: PeerNetwork;
}

/** Two processes on a simulated network, whose time stands still until the test moves it. */
export function twoSystems(): { readonly here: Side; readonly there: Side; readonly time: VirtualTime } {
  const time = new VirtualTime();
  const random = new SeededRandom(1);
  const network = new SimulatedNetwork(time, random);
  const side = (address: string): Side => ({
    system: new ActorSystem({ address, clock: time.clock, random, scheduler: time, freezesMessages: true }),
    network: network.join(address),
  });
  return { here: side('here'), there: side('there'), time };
}

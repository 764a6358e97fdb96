import type { Instance } from '@rookery/discovery';
import { addressOfProcess } from '../link/process-address.js';

/** `actors`, or `actors+2` for the second actor system that its process had to make anew. */
const CAPABILITY = /^actors(\+\d+)?$/;

/** What an instance with that actor system says of itself in the registry. The address begins with that of its process. */
export function actorCapability(address: string, processAddress: string): string {
  return `actors${address.slice(processAddress.length)}`;
}

/** The address of the instance's actor system; undefined when it has none. */
export function actorAddressOf({ capabilities, id, incarnation, service }: Instance): string | undefined {
  for (const capability of capabilities) {
    const [isActors, generation = ''] = CAPABILITY.exec(capability) ?? [];
    if (isActors !== undefined) return addressOfProcess({ service, instanceId: id, incarnation }) + generation;
  }
  return undefined;
}

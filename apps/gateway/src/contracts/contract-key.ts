import type { Instance } from '@rookery/discovery';

/** Names the contract of an instance within its service. */
export function contractKey(instance: Instance): string {
  return instance.contractDigest === '' ? `${instance.id}@${instance.incarnation}` : instance.contractDigest;
}

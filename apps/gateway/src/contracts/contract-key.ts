import type { Instance } from '@rookery/discovery';

/** Names the contract of an instance within its service. */
export function contractKey(instance: Instance): string {
  return instance.contractDigest === '' ? `${instance.id}@${instance.incarnation}` : instance.contractDigest;
}

/** The instances that share a contract, by its key. */
export function byContract(instances: readonly Instance[]): Map<string, Instance[]> {
  const groups = new Map<string, Instance[]>();
  for (const instance of instances) {
    const key = contractKey(instance);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [instance]);
    else group.push(instance);
  }
  return groups;
}

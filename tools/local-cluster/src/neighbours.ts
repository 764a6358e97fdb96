import type { Resolver } from '@rookery/discovery';
import type { ProcessPlan } from './supervised-process.js';

/**
 * Instances of our services in the registry that are not ours. They would be called and call, but believe the tokens of
 * another issuer.
 */
export async function findNeighbours(
  resolver: Pick<Resolver, 'lookup'>,
  plans: readonly ProcessPlan[],
): Promise<readonly string[]> {
  const own = new Set(plans.map(({ id }) => id));
  const services = [...new Set(plans.map(({ service }) => service))];
  const snapshots = await Promise.all(services.map((service) => resolver.lookup(service)));
  return snapshots.flatMap(({ instances }) => instances.map(({ id }) => id)).filter((id) => !own.has(id));
}

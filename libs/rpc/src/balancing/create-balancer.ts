import type { Clock, Random } from '@rookery/runtime';
import type { Balancer } from './balancer.js';
import { LeastRequestBalancer } from './least-request.balancer.js';
import { P2cEwmaBalancer } from './p2c-ewma.balancer.js';
import { RoundRobinBalancer } from './round-robin.balancer.js';

const BALANCERS = {
  'p2c-ewma': P2cEwmaBalancer,
  'round-robin': RoundRobinBalancer,
  'least-request': LeastRequestBalancer,
};

export type BalancerName = keyof typeof BALANCERS;

/** The names that `createBalancer` knows, the default first. */
export const balancerNames = Object.keys(BALANCERS) as readonly BalancerName[];

/** A balancer by its name. One balancer serves one service in one caller process. */
export function createBalancer(
  name: BalancerName,
  options: { readonly clock: Clock; readonly random: Random },
): Balancer {
  return new BALANCERS[name](options);
}

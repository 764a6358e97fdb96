import type { MethodDefinition } from '@rookery/contracts/nest';

import type { ChannelCallOptions, UnaryCallOptions } from '../client/call-options.js';
import type { UnaryCallHost } from '../client/unary-call-host.port.js';
import { BalancedRoute } from './balanced-route.js';
import type { CallRoute } from './call-route.port.js';
import { OwnerRoute } from './owner-route.js';
import { routedMethod, routingIdentity } from './routing-key.js';

/** The way of a unary call: to the owner of its key, or to any instance where it has none. Throws on an empty key. */
export function routeOf(
  host: UnaryCallHost,
  method: MethodDefinition<unknown, unknown>,
  request: unknown,
  options: UnaryCallOptions | undefined,
): CallRoute {
  const identity = routingIdentity(method, request, options?.routingKey);
  if (identity === undefined) return balancedRoute(host, options);
  return new OwnerRoute(host, options?.eligible, routedMethod(method).kind, identity);
}

export function balancedRoute(host: UnaryCallHost, options: ChannelCallOptions | undefined): CallRoute {
  return options?.eligible === undefined ? host.anywhere : new BalancedRoute(host, options.eligible);
}
